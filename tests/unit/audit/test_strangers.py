"""Refused addresses are on record, so seldom that nobody can fill it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.audit.strangers import OF_ALL, record_refused_address
from agent_connector.models import Event
from tests.factories import NOON
from tests.statements import statements

pytestmark = pytest.mark.django_db


def refuse(address: str | None, *, minutes: int = 0) -> None:
    record_refused_address(address, path="/mcp", now=NOON + timedelta(minutes=minutes))


def test_an_address_is_on_record_with_where_it_came_to() -> None:
    refuse("203.0.113.9")

    event = Event.objects.get()
    assert (event.kind, event.address) == ("address_refused", "203.0.113.9")
    assert (event.detail, event.user, event.connection) == ("/mcp", None, None)


def test_one_sender_is_on_record_once_an_hour() -> None:
    for minute in (0, 20, 59, 60):
        refuse("203.0.113.9", minutes=minute)
        refuse(f"2001:db8::{minute}", minutes=minute)
        refuse(None, minutes=minute)

    assert Event.objects.count() == 3 * 2


def test_many_senders_cannot_fill_the_record() -> None:
    for number in range(OF_ALL.most + 20):
        refuse(f"198.51.100.{number}")

    assert Event.objects.count() == OF_ALL.most


def test_what_is_not_recorded_writes_nothing() -> None:
    refuse("203.0.113.9")

    with statements() as seen:
        refuse("203.0.113.9")

    assert len(seen) == 1
    assert all(sql.startswith("SELECT") for sql in seen)
