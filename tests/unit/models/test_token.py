"""Tokens: unique by digest, gone with their connection, never shown."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from agent_connector.connections.secret import digest_secret
from agent_connector.models import Connection, Token
from tests.factories import NOON, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_two_tokens_never_share_a_digest() -> None:
    connection, pair = make_connection(make_user())

    with pytest.raises(IntegrityError):
        Token.objects.create(
            connection=connection,
            kind=Token.Kind.ACCESS,
            digest=digest_secret(pair.refresh),
            issued_at=NOON,
            expires_at=NOON,
        )


def test_tokens_go_with_their_connection() -> None:
    make_connection(make_user())

    Connection.objects.all().delete()

    assert not Token.objects.exists()


def test_a_token_stays_when_its_parent_is_purged() -> None:
    connection, _ = make_connection(make_user())
    parent = Token.objects.get(kind=Token.Kind.REFRESH)
    child = Token.objects.create(
        connection=connection,
        kind=Token.Kind.ACCESS,
        digest=bytes(32),
        parent=parent,
        issued_at=NOON,
        expires_at=NOON,
    )

    parent.delete()

    child.refresh_from_db()
    assert child.parent is None


def test_showing_a_token_shows_neither_its_text_nor_its_digest() -> None:
    _, pair = make_connection(make_user())

    for token in Token.objects.all():
        shown = f"{token} {token!r}"
        for secret in (pair.access, pair.refresh):
            assert secret not in shown
            assert secret[-6:] not in shown
            assert digest_secret(secret).hex() not in shown
            assert repr(digest_secret(secret)) not in shown
