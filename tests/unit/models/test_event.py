"""Events: they outlive everybody they speak of."""

from __future__ import annotations

import pytest

from agent_connector.models import Event
from tests.factories import make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_an_event_outlives_user_and_connection() -> None:
    user = make_user()
    make_connection(user, make_client("Cursor"), level="read")

    user.delete()

    event = Event.objects.get(kind=Event.Kind.CONNECTION_OPENED)
    assert (event.user, event.actor, event.connection) == (None, None, None)
    assert event.detail == "Cursor (read)"


def test_every_kind_fits_its_column() -> None:
    longest = Event._meta.get_field("kind").max_length

    assert longest is not None
    assert max(map(len, Event.Kind.values)) <= longest


def test_showing_an_event_shows_its_kind_only() -> None:
    event = Event(pk=3, kind=Event.Kind.REFRESH_REUSED, detail="private")

    assert str(event) == "Refresh token used twice #3"
