"""A function's docstring, scope and answer become a tool's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from typing import Any, TypedDict

import msgspec
import pytest
from django.utils.safestring import SafeString
from pytest_django import Settings

from agent_connector.models import Connection
from agent_connector.tools import Caller, Scope, ToolFailed
from agent_connector.tools.definition import encode_answer
from agent_connector.tools.mistakes import Mistake
from agent_connector.tools.written import MAX_ANSWER_BYTES, Declared, tool_of
from panel.shop.models import Product


class Loan(TypedDict):
    title: str
    until: date


def lend_book(caller: Caller, *, title: str, days: int = 14) -> Loan:
    """Lends a book to a reader, who has to bring it back in good time and in one
    piece.

    How it does that is nobody's business.
    """  # noqa: D205  # a paragraph may be long
    assert caller is NOBODY
    return Loan(title=title, until=date(2026, 3, days))


NOBODY = Caller(connection=Connection(), level="read")


def declared(needs: Scope = Scope.READ, **facts: Any) -> Declared:
    return Declared(needs=needs, **facts)


def answered(function: Callable[..., Any], **given: Any) -> Any:
    tool = tool_of(function, declared())
    arguments = msgspec.convert(given, tool.input)
    return msgspec.json.decode(encode_answer(tool.run(NOBODY, arguments)))


def test_name_title_and_description_are_the_functions_own() -> None:
    tool = tool_of(lend_book, declared(permissions=("library.change_book",)))

    assert (tool.name, tool.title) == ("lend_book", "Lend book")
    assert tool.description == (
        "Lends a book to a reader, who has to bring it back in good time and in one"
        " piece."
    )
    assert tool.permissions == ("library.change_book",)
    assert tool_of(lend_book, declared(title="Lend")).title == "Lend"


@pytest.mark.parametrize(
    ("facts", "hints"),
    [
        ({"needs": Scope.READ}, (True, False, True, False)),
        ({"needs": Scope.WRITE}, (False, True, False, False)),
        ({"needs": Scope.DELETE}, (False, True, False, False)),
        ({"needs": Scope.WRITE, "destructive": False}, (False, False, False, False)),
        ({"needs": Scope.WRITE, "idempotent": True}, (False, True, True, False)),
        ({"needs": Scope.READ, "idempotent": False}, (True, False, False, False)),
        ({"needs": Scope.READ, "open_world": True}, (True, False, True, True)),
    ],
    ids=str,
)
def test_the_hints_follow_from_the_scope_unless_they_are_said(
    facts: dict[str, Any], hints: tuple[bool, ...]
) -> None:
    tool = tool_of(lend_book, Declared(**facts))

    assert hints == (
        tool.read_only,
        tool.destructive,
        tool.idempotent,
        tool.open_world,
    )


def test_the_function_is_called_with_what_was_given_and_its_own_defaults() -> None:
    assert answered(lend_book, title="Emma") == {"title": "Emma", "until": "2026-03-14"}
    assert answered(lend_book, title="Emma", days=2)["until"] == "2026-03-02"


@pytest.mark.parametrize("text", [SafeString("Draft"), Product.Status.DRAFT.label])
def test_a_text_that_is_safe_or_translated_when_used_is_a_text(text: Any) -> None:
    def say(caller: Caller) -> dict[str, str]:
        """Says it."""
        return {"said": text}

    assert answered(say) == {"said": "Draft"}


@pytest.mark.parametrize("wrong", [{"n": "1"}, {"n": object()}, [1], None, {"n": 1.5}])
def test_an_answer_of_another_type_than_was_told_is_a_bug(wrong: Any) -> None:
    def count(caller: Caller) -> dict[str, int]:
        """Counts."""
        return wrong  # type: ignore[no-any-return]

    with pytest.raises((TypeError, msgspec.ValidationError)):
        answered(count)


def test_a_list_beyond_the_sites_rows_is_cut_and_says_so(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"MAX_ROWS_PER_CALL": 3}

    def count(caller: Caller) -> dict[str, list[int]]:
        """Counts."""
        return {"few": [1, 2, 3], "many": list(range(10))}

    assert answered(count) == {
        "few": [1, 2, 3],
        "many": [0, 1, 2],
        "truncated": "`many` has 3 of 10.",
    }


def test_an_answer_beyond_the_bytes_is_refused_by_number() -> None:
    def shout(caller: Caller, *, times: int) -> dict[str, str]:
        """Shouts."""
        return {"a": "b" * (times - len('{"a":""}'))}

    assert answered(shout, times=MAX_ANSWER_BYTES)
    with pytest.raises(ToolFailed, match="60,001") as failure:
        answered(shout, times=MAX_ANSWER_BYTES + 1)

    assert failure.value.following


async def later(caller: Caller) -> Loan:
    """Does it later."""
    raise NotImplementedError


def bit_by_bit(caller: Caller) -> Iterator[Loan]:
    """Does it bit by bit."""
    yield Loan(title="", until=date(2026, 3, 1))


async def both(caller: Caller) -> AsyncIterator[Loan]:
    """Does both."""
    yield Loan(title="", until=date(2026, 3, 1))


def Shout(caller: Caller) -> Loan:  # noqa: N802  # the point here
    """Shouts."""
    raise NotImplementedError


def silent(caller: Caller) -> Loan:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (later, "asynchronous"),
        (both, "asynchronous"),
        (bit_by_bit, "generator"),
        (Shout, "name"),
        (silent, "docstring"),
    ],
)
def test_a_function_that_cannot_be_a_tool_is_refused_with_a_cure(
    function: Callable[..., Any], says: str
) -> None:
    with pytest.raises(Mistake, match=says) as mistake:
        tool_of(function, declared())

    assert mistake.value.cure


def test_a_name_has_no_more_than_64_letters() -> None:
    def function(caller: Caller) -> Loan:
        """Does it."""
        raise NotImplementedError

    function.__name__ = "a" * 64
    assert tool_of(function, declared()).name == "a" * 64

    function.__name__ = "a" * 65
    with pytest.raises(Mistake, match="name"):
        tool_of(function, declared())


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"needs": "write"}, "no scope"),
        ({"needs": Scope.READ, "destructive": True}, "destructive"),
        ({"needs": Scope.READ, "permissions": ("change_book",)}, "names no app"),
        ({"needs": Scope.READ, "permissions": ("a.b", " .x")}, "names no app"),
    ],
    ids=str,
)
def test_what_is_declared_has_to_make_sense(facts: dict[str, Any], says: str) -> None:
    with pytest.raises(Mistake, match=says):
        tool_of(lend_book, Declared(**facts))
