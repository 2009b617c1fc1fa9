"""A token given back by its client."""

from __future__ import annotations

import pytest

from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.models import Client, Connection, Event, Token
from agent_connector.oauth.revocation import revoke_token
from tests.factories import NOON, make_client, make_code, make_connection, make_user

pytestmark = pytest.mark.django_db


def give_back(text: str, client: Client | None) -> None:
    revoke_token(text, client=client, now=NOON, address="192.0.2.7")


@pytest.mark.spec("attacks", "77")
@pytest.mark.parametrize("kind", ["access", "refresh"])
@pytest.mark.parametrize("named", [True, False])
def test_either_token_ends_its_connection(kind: str, named: bool) -> None:  # noqa: FBT001  # a table
    client = make_client()
    user = make_user()
    connection, pair = make_connection(user, client)

    give_back(getattr(pair, kind), client if named else None)

    connection.refresh_from_db()
    assert (connection.revoked_at, connection.revoked_reason) == (NOON, "client")
    event = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert (event.user, event.actor, event.address) == (user, None, "192.0.2.7")


@pytest.mark.spec("RFC 7009", "2.2")
def test_what_is_not_the_clients_token_is_left_alone() -> None:
    client = make_client()
    user = make_user()
    connection, pair = make_connection(user, client)
    code = make_code(user, make_client())

    for text in (
        "",
        "x",
        code,
        mint_secret(Prefix.ACCESS),
        mint_secret(Prefix.PERSONAL),
    ):
        give_back(text, client)
    give_back(pair.refresh, make_client())

    connection.refresh_from_db()
    assert connection.revoked_at is None


@pytest.mark.spec("RFC 7009", "2.1")
def test_without_a_client_named_a_public_clients_working_token_is_needed() -> None:
    user = make_user()
    secretive = make_client(auth_method="client_secret_post")
    kept, pair = make_connection(user, secretive)
    public = make_client()
    used, old = make_connection(user, public)
    Token.objects.filter(kind="refresh", connection=used).update(used_at=NOON)
    Token.objects.filter(kind="access", connection=used).update(expires_at=NOON)

    for text in (pair.access, pair.refresh, old.access, old.refresh):
        give_back(text, None)

    assert not Connection.objects.exclude(revoked_at=None).exists()
    give_back(pair.refresh, secretive)
    give_back(old.refresh, public)
    assert not Connection.objects.filter(pk__in=[kept.pk, used.pk], revoked_at=None)


def test_a_row_of_another_kind_is_left_alone_whatever_its_text() -> None:
    client = make_client()
    connection, pair = make_connection(make_user(), client)
    Token.objects.update(kind=Token.Kind.PERSONAL)

    give_back(pair.access, client)

    connection.refresh_from_db()
    assert connection.revoked_at is None


def test_giving_back_twice_changes_nothing() -> None:
    client = make_client()
    connection, pair = make_connection(make_user(), client)
    Connection.objects.filter(pk=connection.pk).update(
        revoked_at=NOON, revoked_reason="admin"
    )

    give_back(pair.access, client)

    connection.refresh_from_db()
    assert connection.revoked_reason == "admin"
    assert not Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED).exists()
