"""Scopes: each includes the lesser ones, and an unknown word is refused."""

from __future__ import annotations

import pytest

from agent_connector.models import Level
from agent_connector.policy.scopes import (
    Scope,
    UnknownScope,
    includes,
    level_of,
    narrower,
    parse_scopes,
    scope_text,
    scopes_of,
)


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("", set()),
        ("read", {Scope.READ}),
        ("delete read", {Scope.READ, Scope.DELETE}),
        ("read write delete", set(Scope)),
        ("read read", {Scope.READ}),
        ("offline_access", set()),
        ("read offline_access", {Scope.READ}),
        (" read  write ", {Scope.READ, Scope.WRITE}),
    ],
)
@pytest.mark.spec("RFC 6749", "3.3")
def test_a_scope_parameter_is_read_in_any_order(text: str, scopes: set[Scope]) -> None:
    assert parse_scopes(text) == scopes


@pytest.mark.parametrize(
    "text",
    ["admin", "READ", "read,write", "read\twrite", "read\x00", "openid read", "réad"],
)
def test_an_unknown_word_is_refused(text: str) -> None:
    with pytest.raises(UnknownScope):
        parse_scopes(text)


def test_the_refusal_holds_the_unknown_word() -> None:
    with pytest.raises(UnknownScope) as refusal:
        parse_scopes("read admin")

    assert refusal.value.args == ("admin",)


@pytest.mark.parametrize(
    ("level", "scopes"),
    [
        ("read", ("read",)),
        ("write", ("read", "write")),
        ("delete", ("read", "write", "delete")),
    ],
)
def test_a_level_includes_the_lesser_ones(level: str, scopes: tuple[str, ...]) -> None:
    assert scopes_of(level) == scopes
    assert scope_text(level) == " ".join(scopes)
    assert tuple(scope for scope in Scope if includes(level, scope)) == scopes


@pytest.mark.parametrize(
    ("scopes", "level"),
    [
        ([], None),
        (["read"], Scope.READ),
        (["delete"], Scope.DELETE),
        (["write", "read"], Scope.WRITE),
    ],
)
def test_the_level_is_the_widest_scope(scopes: list[str], level: Scope | None) -> None:
    assert level_of(scopes) == level


@pytest.mark.parametrize(
    ("one", "other", "lesser"),
    [
        ("read", "delete", Scope.READ),
        ("delete", "read", Scope.READ),
        ("write", "write", Scope.WRITE),
    ],
)
def test_of_two_levels_the_lesser_counts(one: str, other: str, lesser: Scope) -> None:
    assert narrower(one, other) is lesser


@pytest.mark.parametrize("level", ["", "admin", "Read"])
def test_a_level_that_does_not_exist_includes_nothing(level: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Scope"):
        includes(level, Scope.READ)


def test_stored_levels_and_scopes_are_the_same_words() -> None:
    assert list(Level.values) == list(Scope)
