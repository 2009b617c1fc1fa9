"""The trial's client: on record before its connection, and gone after it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agent_connector.audit.recorded import DOCTOR
from agent_connector.connections.open import Consent, open_connection
from agent_connector.doctor.trial_client import (
    CLIENT_NAME,
    REDIRECT_URI,
    leave_nothing,
    register_client,
)
from agent_connector.models import Client, Connection, Event
from tests.doctoring import examination
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_its_registration_is_on_record_once_with_the_way_it_came() -> None:
    user = make_user()

    client = register_client(examination(address="192.0.2.7"), user, now=timezone.now())

    event = Event.objects.get()
    assert (event.kind, event.user) == (Event.Kind.CLIENT_REGISTERED, user)
    assert event.address == "192.0.2.7"
    assert event.detail == f"{CLIENT_NAME} ({client.client_id}); {DOCTOR}"
    assert client.first_used_at is not None, "so that its use tells it no second time"


def test_a_trial_that_broke_off_leaves_its_record_only() -> None:
    user, exam, now = make_user(), examination(), timezone.now()
    client = register_client(exam, user, now=now)
    consent = Consent(
        client=client,
        level="read",
        resource=exam.resource,
        redirect_uri=REDIRECT_URI,
        challenge="c" * 43,
    )
    open_connection(user, consent, actor=None, now=now, address=None, via=exam.via)

    leave_nothing(exam, client, consent)

    assert not Connection.objects.exists()
    assert not Client.objects.exists()
    ended = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert ended.detail == f"{CLIENT_NAME}: client; {DOCTOR}"
