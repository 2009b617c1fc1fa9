"""Blocking a client: cut at once, in few statements, and nothing new until unblocked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.connections.block import block_client, unblock_client
from agent_connector.connections.issue import find_code, redeem_code
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.revoke import Revoked
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Client, Connection, Event
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_code,
    make_connection,
    make_user,
)
from tests.statements import one_act, statements

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(seconds=10)


def verify(text: str) -> Caller | Refusal:
    return verify_access_token(text, resource=resource_url(), now=SOON, address=None)


def shared_client() -> Client:
    """Return a client whose connections do not replace each other."""
    return make_client("Cursor", kind=Client.Kind.DOCUMENT, host="cursor.example")


def test_every_connection_of_the_client_ends_and_says_why() -> None:
    client, root = shared_client(), make_admin("root")
    pairs = [make_connection(make_user(), client, now=NOON)[1] for _ in range(3)]
    _, others = make_connection(make_user(), now=NOON)

    done = block_client(client, actor=root, now=SOON)

    assert done == Revoked(users=3, tokens=3)
    for pair in pairs:
        answer = verify(pair.access)
        assert isinstance(answer, Refusal)
        assert answer.problem is Problem.REVOKED
        assert answer.sentence.startswith("Revoked by root at ")
        assert answer.sentence.endswith(": the client was blocked.")
    assert isinstance(verify(others.access), Caller)
    assert set(client.connections.values_list("revoked_reason", flat=True)) == {
        Connection.RevokedReason.BLOCKED
    }


@pytest.mark.parametrize("number", [1, 20])
def test_blocking_takes_five_statements_however_many_connections(number: int) -> None:
    client, root = shared_client(), make_admin("root")
    for _ in range(number):
        make_connection(make_user(), client, now=NOON)

    with statements() as seen:
        block_client(client, actor=root, now=SOON)

    assert len(seen) == 5


def test_a_code_on_its_way_is_cut_too() -> None:
    client, root = shared_client(), make_admin("root")
    text = make_code(make_user(), client, now=NOON)
    block_client(client, actor=root, now=SOON)

    code = find_code(text)

    assert code is not None
    assert isinstance(redeem_code(code, now=SOON, address=None), Refusal)


def test_blocking_and_unblocking_are_on_record() -> None:
    client, root = shared_client(), make_admin("root")

    with one_act():
        block_client(client, actor=root, now=SOON, address="192.0.2.1")
    with one_act():
        unblock_client(client, actor=root, now=SOON, address="192.0.2.2")

    blocked, unblocked = Event.objects.order_by("pk")
    assert (blocked.kind, unblocked.kind) == ("client_blocked", "client_unblocked")
    assert (blocked.actor, blocked.address) == (root, "192.0.2.1")
    assert (unblocked.actor, unblocked.address) == (root, "192.0.2.2")
    assert "Cursor" in blocked.detail
    assert "Cursor" in unblocked.detail


def test_doing_it_twice_changes_nothing() -> None:
    client, root = shared_client(), make_admin("root")

    assert block_client(client, actor=root, now=SOON) is not None
    assert block_client(client, actor=root, now=SOON) is None
    assert client.trust == Client.Trust.BLOCKED
    assert unblock_client(client, actor=root, now=SOON)
    assert client.trust == Client.Trust.DEFAULT
    assert not unblock_client(client, actor=root, now=SOON)
    assert Event.objects.count() == 2


def test_unblocking_brings_no_token_back_but_lets_users_authorize_again() -> None:
    client, root, user = shared_client(), make_admin("root"), make_user()
    _, before = make_connection(user, client, now=NOON)
    block_client(client, actor=root, now=SOON)

    unblock_client(client, actor=root, now=SOON)

    assert isinstance(verify(before.access), Refusal)
    assert isinstance(verify(make_connection(user, client, now=NOON)[1].access), Caller)
