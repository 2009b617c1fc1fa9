"""Keyword parameters are arguments, the return type is the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypedDict

import msgspec
import pytest

from agent_connector.tools import Caller
from agent_connector.tools.definition import Arguments
from agent_connector.tools.mistakes import Mistake
from agent_connector.tools.signature import read_signature
from panel.shop.models import Product


@dataclass
class Point:
    x: int


class Square(msgspec.Struct):
    side: int


class Circle(msgspec.Struct):
    radius: int


class Told(TypedDict):
    said: str


def lend(
    caller: Caller,
    *,
    title: Annotated[str, msgspec.Meta(max_length=9, description="As printed.")],
    until: date | None = None,
    tags: list[str] = [],  # noqa: B006  # msgspec copies it
) -> dict[str, Decimal]:
    raise NotImplementedError


def test_types_defaults_limits_and_descriptions_come_from_the_parameters() -> None:
    arguments, answer = read_signature(lend)

    schema = msgspec.json.schema(arguments)["$defs"]["lend_arguments"]
    assert schema["required"] == ["title"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["title"] == {
        "type": "string",
        "maxLength": 9,
        "description": "As printed.",
    }
    given: Any = msgspec.convert({"title": "Emma"}, arguments)
    assert (given.title, given.until, given.tags) == ("Emma", None, [])
    assert issubclass(arguments, Arguments)
    assert answer == dict[str, Decimal]


def no_caller(*, title: str) -> Told:
    raise NotImplementedError


def nothing() -> Told:
    raise NotImplementedError


def other_caller(user: int, *, title: str) -> Told:
    raise NotImplementedError


def positional(caller: Caller, title: str) -> Told:
    raise NotImplementedError


def many(caller: Caller, *titles: str) -> Told:
    raise NotImplementedError


def open_ended(caller: Caller, **titles: str) -> Told:
    raise NotImplementedError


def untyped(caller: Caller, *, title) -> Told:  # type: ignore[no-untyped-def]  # noqa: ANN001  # the point here
    raise NotImplementedError


def a_record(caller: Caller, *, book: Product) -> Told:
    raise NotImplementedError


def unresolved(caller: Caller, *, title: Nowhere) -> Told:  # type: ignore[name-defined]  # noqa: F821
    raise NotImplementedError


def shared(caller: Caller, *, tags: list[str] = ["x"]) -> Told:  # noqa: B006
    raise NotImplementedError


def unsayable(caller: Caller, *, tag: Any = object()) -> Told:  # noqa: B008
    raise NotImplementedError


def undecided(caller: Caller, *, shape: Square | Circle) -> Told:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (no_caller, "the caller"),
        (nothing, "the caller"),
        (other_caller, "the caller"),
        (positional, "`title: 'str'`"),
        (many, "`*titles: 'str'`"),
        (open_ended, "`**titles: 'str'`"),
        (untyped, "`title`"),
        (a_record, "`book`"),
        (unresolved, "Nowhere"),
        (shared, "default"),
        (unsayable, "default"),
        (undecided, "`shape`"),
    ],
)
def test_a_parameter_that_no_agent_could_give_is_named_with_a_cure(
    function: Callable[..., Any], named: str
) -> None:
    with pytest.raises(Mistake) as mistake:
        read_signature(function)

    assert named in mistake.value.message
    assert mistake.value.cure


def plain(caller: Caller) -> Told:
    raise NotImplementedError


def of_a_class(caller: Caller) -> Point:
    raise NotImplementedError


def loose(caller: Caller) -> dict[str, Any]:
    raise NotImplementedError


def bare(caller: Caller) -> dict:
    raise NotImplementedError


def unannotated(caller):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # the point here
    raise NotImplementedError


def nothing_back(caller: Caller) -> None:
    raise NotImplementedError


def a_list(caller: Caller) -> list[str]:
    raise NotImplementedError


def a_text(caller: Caller) -> str:
    raise NotImplementedError


def either(caller: Caller) -> Told | str:
    raise NotImplementedError


def rows(caller: Caller) -> Iterator[Product]:
    raise NotImplementedError


@pytest.mark.parametrize("function", [plain, of_a_class, loose, bare])
def test_an_answer_is_whatever_json_calls_an_object(
    function: Callable[..., Any],
) -> None:
    arguments, answer = read_signature(function)

    assert arguments.__struct_fields__ == ()
    assert answer is not None


@pytest.mark.parametrize(
    "function", [unannotated, nothing_back, a_list, a_text, either, rows]
)
def test_any_other_answer_is_a_mistake(function: Callable[..., Any]) -> None:
    with pytest.raises(Mistake, match=r"answer|object") as mistake:
        read_signature(function)

    assert "TypedDict" in mistake.value.cure
