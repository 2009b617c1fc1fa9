"""Whoever names somebody else's user or token changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agent_connector.models import Connection, Event, MCPAccess
from tests.factories import PASSWORD, make_admin, make_connection, make_user
from tests.screens import CHANGE, REVOKE, VIEW, confirm_action, screen

pytestmark = pytest.mark.django_db

VICTIMS = 40
MAY_NOT_ACT: dict[str, dict[str, Any]] = {
    "anonymous": {"is_active": False},
    "no staff": {"is_staff": False},
    "staff": {},
    "viewer": {"permissions": (VIEW,)},
}


def state() -> list[Any]:
    """Return all that a revoke, an enable or a disable would change."""
    access = MCPAccess.objects.order_by("pk").values_list("pk", "enabled", "epoch")
    revoked = Connection.objects.order_by("pk").values_list("pk", "revoked_at")
    return [*access, *revoked, Event.objects.count()]


def victims() -> list[tuple[User, Connection]]:
    users = [make_user() for _ in range(VICTIMS)]
    return [(user, make_connection(user)[0]) for user in users]


def attempts(own: User, users: list[tuple[User, Connection]]) -> Iterator[str]:
    """Yield addresses that name others, and others' tokens under one's own name."""
    for user, connection in users:
        yield screen("revoke", user)
        yield screen("access", user)
        yield screen("token_revoke", user, connection.public_id)
        yield screen("token_revoke", own, connection.public_id)


@pytest.mark.parametrize("who", MAY_NOT_ACT)
def test_naming_others_changes_nothing(client: Client, who: str) -> None:
    own, others = make_user(**MAY_NOT_ACT[who]), victims()
    client.force_login(own)
    before = state()
    form = {"confirm": "yes", "access": "disabled", "password": PASSWORD}

    answers = {client.post(to, form).status_code for to in attempts(own, others)}
    for action in ("revoke", "disable"):
        people = [user for user, _ in others]
        answers.add(
            confirm_action(client, action, *people, password=PASSWORD).status_code
        )

    assert state() == before
    assert answers <= {200, 302, 403, 404}


def test_ones_own_address_does_not_open_the_tokens_of_others(client: Client) -> None:
    helper = make_user(permissions=(VIEW, CHANGE, REVOKE))
    client.force_login(helper)
    before = [victims(), state()][1]
    foreign = Connection.objects.exclude(user=helper).values_list(
        "public_id", flat=True
    )

    answers = {
        client.post(
            screen("token_revoke", helper, public_id), {"confirm": "yes"}
        ).status_code
        for public_id in foreign
    }

    assert (answers, state()) == ({404}, before)


def test_saving_an_unrelated_form_changes_no_access(client: Client) -> None:
    jane = make_user("jane")
    make_connection(jane)
    client.force_login(make_admin())
    before = state()
    form = {"username": "jane", "first_name": "Jane", "is_active": "on"}
    more = {"is_staff": "on", "date_joined_0": "2026-03-02", "date_joined_1": "12:00"}

    saved = client.post(f"/admin/auth/user/{jane.pk}/change/", form | more)

    assert saved.status_code == 302
    assert User.objects.get(pk=jane.pk).first_name == "Jane"
    assert state() == before


def test_forged_fields_in_a_form_that_is_about_one_user_reach_no_other(
    client: Client,
) -> None:
    jane, [(other, _)] = make_user("jane"), victims()[:1]
    client.force_login(make_admin())
    form = {"access": "disabled", "password": PASSWORD}
    forged = {"user": other.pk, "pk": other.pk, "enabled": "0", "epoch": "9"}

    client.post(screen("access", jane), form | forged)

    assert not MCPAccess.objects.get(user=jane).enabled
    assert MCPAccess.objects.get(user=other).enabled
