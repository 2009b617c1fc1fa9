"""Notices: one for an event and a person, and gone with either."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from agent_connector.models import Event, Notice
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db


def make_notice(recipient: User, event: Event) -> Notice:
    return Notice.objects.create(event=event, recipient=recipient, made_at=NOON)


def make_event() -> Event:
    return Event.objects.create(at=NOON, kind=Event.Kind.CONNECTION_OPENED)


def test_nobody_has_two_of_one_event() -> None:
    user, event = make_user(), make_event()
    make_notice(user, event)

    with pytest.raises(IntegrityError):
        make_notice(user, event)


def test_they_go_with_their_event_and_with_their_recipient() -> None:
    user, event = make_user(), make_event()
    make_notice(user, event)
    make_notice(make_user(), make_event())

    user.delete()
    old = Event._base_manager.exclude(pk=event.pk)  # noqa: SLF001  # as retention does
    old.delete()

    assert not Notice.objects.exists()
    assert Event.objects.get() == event


def test_showing_one_shows_its_state_only() -> None:
    assert str(Notice(pk=3, state=Notice.State.FAILED)) == "Could not be sent #3"


def test_every_state_fits_its_column() -> None:
    longest = Notice._meta.get_field("state").max_length

    assert longest is not None
    assert max(map(len, Notice.State.values)) <= longest
