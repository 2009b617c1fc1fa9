"""Authorization codes: unique by digest, gone with their connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from agent_connector.connections.secret import digest_secret
from agent_connector.models import AuthorizationCode, Connection
from tests.factories import NOON, make_code, make_user

pytestmark = pytest.mark.django_db


def test_two_codes_never_share_a_digest() -> None:
    make_code(make_user())
    code = AuthorizationCode.objects.get()

    with pytest.raises(IntegrityError):
        AuthorizationCode.objects.create(
            digest=code.digest,
            connection=code.connection,
            expires_at=NOON + timedelta(minutes=1),
        )


def test_a_code_goes_with_its_connection() -> None:
    make_code(make_user())

    Connection.objects.all().delete()

    assert not AuthorizationCode.objects.exists()


def test_showing_a_code_shows_neither_its_text_nor_its_digest() -> None:
    text = make_code(make_user())
    code = AuthorizationCode.objects.get()

    for shown in (str(code), repr(code)):
        assert text not in shown
        assert digest_secret(text).hex() not in shown
        assert code.challenge not in shown
