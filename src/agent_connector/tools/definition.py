"""What a tool is, and the two ways in which a call of it can end without an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from django.utils.functional import Promise

from agent_connector.errors import AgentConnectorError
from agent_connector.models import ToolCall
from agent_connector.policy.scopes import Scope


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a tool is called with: nothing that is not named here is let in."""


class Link(msgspec.Struct, frozen=True):
    """Where people get something that an answer speaks of, such as a file."""

    uri: str
    name: str
    media_type: str


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a tool answers: a field that still has its default is left out."""

    @property
    def links(self) -> tuple[Link, ...]:
        """What a client may show as links beside the answer."""
        return ()

    @property
    def outcome(self) -> ToolCall.Outcome:
        """What the record says of a call that was answered so."""
        return ToolCall.Outcome.DONE


Ask = Callable[[str], None]
"""Puts a question to the person and returns when they agree, or cannot be asked.

Raises `Asked` while there is no answer, and `Declined`. Called before anything is
done: the whole call is made again with the answer.
"""


class EncodedAnswer(Answer, frozen=True):
    """An answer whose JSON is made already."""

    encoded: bytes
    linked: tuple[Link, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        return self.linked


def encode_answer(answer: Answer) -> bytes:
    """Return the answer as JSON.

    Raises:
        TypeError: it holds something that JSON cannot say: a bug of the tool.
    """
    if isinstance(answer, EncodedAnswer):
        return answer.encoded
    return msgspec.json.encode(answer, enc_hook=plain_text)


def plain_text(value: Any) -> str:
    """Return a text of another class, safe or translated when used, as a plain one."""
    if isinstance(value, Promise):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return "".join(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A named thing an agent can do. Every hint is stated: clients assume the worst."""

    name: str
    title: str
    description: str
    """For the agent. Fixed text: it never depends on data of the site."""

    needs: Scope
    input: type[Arguments]
    output: Any
    """A type whose JSON is an object."""

    run: Callable[..., Answer]
    """Called with the caller and an instance of `input`, in the site's language; and
    with an `Ask`, if `asks`."""

    asks: bool = False
    """Whether the person is asked before it acts, where the client can do that."""

    read_only: bool
    destructive: bool
    idempotent: bool
    open_world: bool = False

    permissions: tuple[str, ...] = ()
    """Django permissions, all of which the user needs; else the tool is unknown."""

    superusers_only: bool = False

    ends_refusals: bool = True
    """Whether a call that is done ends a run of refused ones. Not where it asks for no
    right that some lack: between two refused calls a client can always do that."""


NO_CODE = "failed"
"""Of a tool that says what happened in its message alone."""


class ToolFailed(AgentConnectorError):
    """The tool could not do it. The message is safe to show to the agent.

    `fields` tells what is wrong with which field, `allowed` what would be right, and
    `following` what to do next. `reason` is for the record alone, which more people may
    read than what a call said: the code, as a message may quote it.
    """

    outcome: ClassVar[ToolCall.Outcome] = ToolCall.Outcome.FAILED
    counts: ClassVar[bool] = False
    """Whether it is one of the refusals in a row that suspend a connection."""

    def __init__(  # the agent is told these things
        self,
        message: str,
        *,
        code: str = NO_CODE,
        fields: Mapping[str, list[str]] | None = None,
        allowed: Iterable[str] = (),
        following: str = "",
        reason: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.fields = dict(fields or {})
        self.allowed = list(allowed)
        self.following = following
        self.reason = reason or (message if code == NO_CODE else code)

    def detail(self) -> dict[str, Any]:
        """Return what the agent is told, without what does not apply."""
        told = {
            "code": self.code,
            "message": self.message,
            "fields": self.fields,
            "allowed": self.allowed,
            "next": self.following,
        }
        return {name: value for name, value in told.items() if value}


class ToolRefused(ToolFailed):
    """The caller may not do it. Nothing was tried."""

    outcome = ToolCall.Outcome.REFUSED
    counts = True


class RefusedByPeople(ToolRefused):
    """What people have brought about, and no fault of the client. Never raised itself."""

    counts = False


class Asked(ToolFailed):
    """The person was asked and has not answered yet. Nothing was tried."""

    outcome = ToolCall.Outcome.ASKED

    def __init__(self, question: str) -> None:
        super().__init__(question, code="asked", reason="asked")


class Declined(RefusedByPeople):
    """The person was asked, and said no."""

    def __init__(self) -> None:
        super().__init__(
            "The user was asked and did not agree. Nothing was changed.",
            code="declined",
            following="Ask the user what to do instead.",
            reason="declined",
        )


class UnknownTool(ToolRefused):
    """There is no such tool, or none for this caller, who is told the same."""

    def __init__(self, name: str, *, reason: str = "unknown tool") -> None:
        super().__init__(
            f"There is no tool {name[:80]!r}.", code="unknown_tool", reason=reason
        )


class ScopeMissing(ToolRefused):
    """The connection's level does not reach the tool; its user could widen it."""

    def __init__(self, tool: Tool) -> None:
        super().__init__(
            f"{tool.name} needs a connection that may {tool.needs}."
            " Ask the user to connect again and to choose that level.",
            code="insufficient_scope",
            reason="scope_missing",
        )
        self.needs = tool.needs


class SiteReadOnly(RefusedByPeople):
    """An administrator lets no agent change anything on this site."""

    def __init__(self, tool: Tool) -> None:
        super().__init__(
            f"{tool.name} is switched off: an administrator lets agents only read on"
            " this site. Nothing was changed.",
            code="site_read_only",
            reason="site_read_only",
        )


class RoleChanged(RefusedByPeople):
    """What the user's roles allow was changed while the call was under way."""

    def __init__(self) -> None:
        super().__init__(
            "What your user's roles allow has just been changed. Nothing was changed.",
            code="role_changed",
            following="Call it again.",
            reason="role_changed",
        )


class TooManyCalls(ToolRefused):
    """The connection has made all the calls that it may make in this minute."""

    counts = False  # to call too fast is no attack

    def __init__(self, *, seconds: int) -> None:
        """`seconds` is after how long it may call again."""
        super().__init__(
            "Too many calls in one minute. Nothing was done.",
            code="too_many_calls",
            following=f"Wait {seconds} seconds, then call it again. Until then every"
            " call is refused.",
            reason="too_many_calls",
        )


class Suspended(ToolRefused):
    """The connection was suspended while the call was under way."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, code="suspended", reason="suspended")


class SwitchedOff(RefusedByPeople):
    """The server was switched off while the call was under way."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, code="switched_off", reason="switched_off")


class ConnectionEnded(ToolRefused):
    """The connection was ended while the call was under way; nothing was changed."""

    def __init__(self, sentence: str, *, reason: str) -> None:
        super().__init__(sentence, code="connection_ended", reason=reason)
