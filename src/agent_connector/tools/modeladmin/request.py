"""Build the request that a ModelAdmin sees when an agent calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

from django.contrib.messages.storage.base import BaseStorage, Message
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict
from django.urls import get_script_prefix, resolve
from django.utils import translation
from django.utils.functional import cached_property

from agent_connector.tools.modeladmin.links import site_of
from agent_connector.tools.modeladmin.values import MORE, text

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict as PostedForm
    from django.urls import ResolverMatch

    from agent_connector.policy.caller import Caller

MAX_MESSAGES = 50
MAX_MESSAGE_CHARACTERS = 1000


class AdminRequest(HttpRequest):
    """A request of the caller's user, without cookies, that nobody sent."""

    def __init__(
        self,
        caller: Caller,
        *,
        path: str,
        query: Mapping[str, Any] | None = None,
        form: PostedForm | None = None,
    ) -> None:
        """Address `path` as a GET with `query`, or as a POST of `form`."""
        super().__init__()
        del self.META, self.resolver_match
        self.caller = caller
        self._site = urlsplit(site_of(caller))
        self.method = "GET" if form is None else "POST"
        self.path = path
        self.path_info = unquote("/" + path.removeprefix(get_script_prefix()))
        self.GET = QueryDict(urlencode(query or {}, doseq=True))
        self.POST = form if form is not None else posted(())
        self.user = caller.user
        self.session = _Session()
        self._messages = _Messages(self)
        self._language = translation.get_language()

    @cached_property
    def resolver_match(self) -> ResolverMatch:  # type: ignore[override]
        """Found for the few sites that ask, in the language of the address."""
        with translation.override(self._language):
            return resolve(self.path_info)

    @property
    def said(self) -> list[str]:
        """What the admin would have shown as messages, in plain words."""
        told = [
            text(str(message.message), limit=MAX_MESSAGE_CHARACTERS)
            for message in self._messages.added[: MAX_MESSAGES + 1]
        ]
        return [*told[:MAX_MESSAGES], MORE] if len(told) > MAX_MESSAGES else told

    def _get_scheme(self) -> str:
        return self._site.scheme

    @cached_property
    def META(self) -> dict[str, Any]:  # type: ignore[override]  # noqa: N802  # Django's
        port = self._site.port or (443 if self._site.scheme == "https" else 80)
        return {
            "REQUEST_METHOD": self.method,
            "HTTP_HOST": self._site.netloc,
            "SERVER_NAME": self._site.hostname or "",
            "SERVER_PORT": str(port),
            "REMOTE_ADDR": self.caller.address or "",
            "SCRIPT_NAME": get_script_prefix().removesuffix("/"),
            "PATH_INFO": self.path_info,
            "QUERY_STRING": self.GET.urlencode(),
        }


def posted(pairs: Iterable[tuple[str, str]]) -> PostedForm:
    """Return names and values as a form that was sent."""
    return QueryDict(urlencode(list(pairs)))


class _Messages(BaseStorage):
    """Keeps what is said for the answer of this one call."""

    @property
    def added(self) -> list[Message]:
        """What was said, also what a page has shown already."""
        own: Any = self
        return [*own._loaded_messages, *own._queued_messages]  # noqa: SLF001

    def _get(self, *_args: Any, **_kwargs: Any) -> tuple[list[Message], bool]:
        return [], True

    def _store(self, *_args: Any, **_kwargs: Any) -> list[Message]:
        return []


class _Session(SessionBase):
    """A session that begins empty and is forgotten: an agent has none."""

    def load(self) -> dict[str, Any]:
        return {}

    def exists(self, session_key: str) -> bool:
        del session_key
        return False

    def create(self) -> None:
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002
        del must_create

    def delete(self, session_key: str | None = None) -> None:
        del session_key

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing is kept, so nothing expires."""
