"""What the command line names is found exactly, or an error says what is not there."""

from __future__ import annotations

import uuid

import pytest

from agent_connector.management.find import (
    find_client,
    find_connection,
    find_user,
    find_users,
)
from agent_connector.management.output import Error
from tests.factories import make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_users_are_found_by_their_exact_name() -> None:
    jane, omar = make_user("jane"), make_user("omar")

    assert find_user("jane").pk == jane.pk
    assert [one.pk for one in find_users(["omar", "jane", "omar"])] == [
        omar.pk,
        jane.pk,
    ]


@pytest.mark.parametrize("name", ["Jane", "jan", ""])
def test_nobody_else_is_taken_for_them(name: str) -> None:
    make_user("jane")

    with pytest.raises(Error, match="There is no user called"):
        find_users(["jane", name])


def test_a_client_id_comes_before_a_name() -> None:
    wanted = make_client("Cursor", client_id="abc")
    make_client("abc")

    assert find_client("abc") == wanted
    assert find_client("Cursor") == wanted


def test_a_name_that_several_give_themselves_names_none() -> None:
    for _ in range(2):
        make_client("Cursor")

    with pytest.raises(Error, match="Several clients call themselves 'Cursor'"):
        find_client("Cursor")
    with pytest.raises(Error, match="There is no client"):
        find_client("Codex")


def test_a_connection_is_found_by_its_public_id() -> None:
    connection, _ = make_connection(make_user())

    assert find_connection(str(connection.public_id)) == connection
    for other in (str(connection.pk), "x", str(uuid.uuid4())):
        with pytest.raises(Error, match="There is no token with the id"):
            find_connection(other)
