"""Opening: what a consent leaves behind, and that it is nothing secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from pytest_django import Settings

from agent_connector.connections.access import disable_access, enable_access
from agent_connector.connections.issue import find_code, redeem_code
from agent_connector.connections.open import Consent, open_connection
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.models import AuthorizationCode, Client, Connection, Event
from agent_connector.policy.site import resource_url
from tests.factories import (
    CHALLENGE,
    NOON,
    REDIRECT_URI,
    make_admin,
    make_client,
    make_code,
    make_user,
)

pytestmark = pytest.mark.django_db


def opened(**fields: Any) -> Connection:
    make_code(make_user(), make_client(**fields), now=NOON)
    return Connection.objects.get()


def test_a_consent_leaves_a_connection_with_what_was_agreed() -> None:
    user = make_user()
    client = make_client("Cursor", kind=Client.Kind.DOCUMENT, host="cursor.example")

    make_code(user, client, level="read", now=NOON)

    connection = Connection.objects.get()
    assert connection.user == user
    assert connection.client == client
    assert (connection.client_name, connection.client_host) == (
        "Cursor",
        "cursor.example",
    )
    assert (connection.level, connection.resource) == ("read", resource_url())
    assert (connection.created_at, connection.created_from) == (NOON, "192.0.2.7")
    assert connection.origin == Connection.Origin.OAUTH


def test_a_connection_is_listed_only_after_its_code_was_exchanged() -> None:
    connection = opened()

    assert connection.exchanged_at is None
    assert not Connection.objects.listed().exists()
    assert not Connection.objects.active(at=NOON).exists()


def test_a_connection_ends_when_idle_and_absolutely(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "REFRESH_TOKEN_LIFETIME": timedelta(days=3),
        "CONNECTION_LIFETIME": timedelta(days=9),
    }

    connection = opened()

    assert connection.expires_at == NOON + timedelta(days=3)
    assert connection.absolute_expires_at == NOON + timedelta(days=9)


def test_the_idle_end_is_never_after_the_absolute_end(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "CONNECTION_LIFETIME": timedelta(days=2),
    }

    connection = opened()

    assert connection.expires_at == connection.absolute_expires_at


def test_the_code_is_stored_as_its_digest_with_its_bindings() -> None:
    text = make_code(make_user(), now=NOON)

    code = AuthorizationCode.objects.get()
    assert is_well_formed(text, Prefix.CODE)
    assert bytes(code.digest) == digest_secret(text)
    assert (code.redirect_uri, code.challenge) == (REDIRECT_URI, CHALLENGE)
    assert code.expires_at == NOON + timedelta(seconds=60)
    assert code.used_at is None


def test_opening_is_on_the_record_without_the_code() -> None:
    user = make_user()

    text = make_code(user, make_client("Cursor"), level="read", now=NOON)

    event = Event.objects.get()
    assert event.kind == Event.Kind.CONNECTION_OPENED
    assert (event.user, event.actor, event.at) == (user, user, NOON)
    assert (event.connection, event.address) == (Connection.objects.get(), "192.0.2.7")
    assert event.detail == "Cursor (read)"
    assert text not in str(event.__dict__)


def test_a_consent_of_somebody_disabled_meanwhile_is_born_dead() -> None:
    user = make_user()
    disable_access([user.pk], actor=make_admin(), now=NOON)
    enable_access([user.pk], actor=make_admin("second"), now=NOON)

    text = make_code(user, now=NOON)  # `user` was read before the two acts

    code = find_code(text)
    assert code is not None
    refusal = redeem_code(code, now=NOON, address=None)
    assert isinstance(refusal, Refusal)
    assert refusal.problem is Problem.REVOKED


@pytest.mark.parametrize(("asked", "given"), [(5, 5), (180, 180), (181, 180)])
def test_a_connection_ends_when_its_person_chose_and_never_after_the_maximum(
    asked: int, given: int
) -> None:
    consent = Consent(
        client=make_client(),
        level="read",
        resource=resource_url(),
        redirect_uri=REDIRECT_URI,
        challenge=CHALLENGE,
        lifetime=timedelta(days=asked),
    )

    open_connection(make_user(), consent, actor=None, now=NOON, address=None)

    connection = Connection.objects.get()
    assert connection.absolute_expires_at == NOON + timedelta(days=given)
    assert connection.expires_at == NOON + timedelta(days=min(given, 30))


def test_one_consent_opens_one_connection() -> None:
    user = make_user()
    consent = Consent(
        client=make_client(),
        level="read",
        resource=resource_url(),
        redirect_uri=REDIRECT_URI,
        challenge=CHALLENGE,
    )
    open_connection(user, consent, actor=user, now=NOON, address=None)

    with pytest.raises(IntegrityError):
        open_connection(user, consent, actor=user, now=NOON, address=None)

    assert Connection.objects.count() == 1
    assert AuthorizationCode.objects.count() == 1


def test_showing_a_consent_shows_no_code() -> None:
    consent = Consent(
        client=make_client(),
        level="read",
        resource=resource_url(),
        redirect_uri=REDIRECT_URI,
        challenge=CHALLENGE,
    )

    assert f"{Prefix.CODE}_" not in repr(consent)
