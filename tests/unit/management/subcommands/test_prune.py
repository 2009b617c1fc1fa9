"""Pruning removes what is old, keeps what is not, and is itself on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

from agent_connector.audit import retention
from agent_connector.management.subcommands import prune
from agent_connector.models import (
    AuthorizationCode,
    Client,
    Event,
    Throttle,
    ToolCall,
)
from tests.calls import make_call
from tests.commands import run
from tests.factories import make_client, make_code, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def _old() -> None:
    """Leave something of each kind that is old, and something that is not."""
    now = timezone.now()
    for age in (1, 89, 91, 400):
        make_call(at=now - age * DAY)
        Event.objects.create(at=now - age * DAY, kind=Event.Kind.SETTINGS_CHANGED)
    client = make_client(kind=Client.Kind.MANUAL)
    for age in (0, 2):
        make_code(make_user(), client, now=now - age * DAY)
        Throttle.objects.create(
            scope="registration", key=b"k", window=now - age * DAY, count=1
        )
    make_client("Unused")


@pytest.mark.usefixtures("_old")
def test_what_is_older_than_the_settings_say_goes() -> None:
    ran = run("prune", "--json")

    assert ran.document == {
        "dry_run": False,
        "tool_calls": 2,
        "authorization_codes": 1,
        "past_limits": 1,
        "clients": 1,
    }
    assert ToolCall.objects.count() == 2
    assert AuthorizationCode.objects.count() == Throttle.objects.count() == 1
    event = Event.objects.get(kind=Event.Kind.RECORD_PRUNED)
    assert event.detail == "tool calls: 2; manage.py agent_connector prune"
    assert Event.objects.filter(kind=Event.Kind.SETTINGS_CHANGED).count() == 4


@pytest.mark.usefixtures("_old")
def test_a_dry_run_counts_the_same_and_removes_nothing() -> None:
    dry = run("prune", "--dry-run", "--json").document

    assert ToolCall.objects.count() == 4
    assert {**run("prune", "--json").document, "dry_run": True} == dry


@pytest.mark.usefixtures("_old")
def test_events_go_only_where_somebody_asks() -> None:
    ran = run("prune", "--events-older-than", "365", "--calls-older-than", "30")

    assert "Tool calls: 3 removed.\nEvents: 1 removed.\n" in ran.out
    assert Event.objects.filter(kind=Event.Kind.SETTINGS_CHANGED).count() == 3
    event = Event.objects.get(kind=Event.Kind.RECORD_PRUNED)
    assert event.detail.startswith("tool calls: 3, events: 1; manage.py")


@pytest.mark.usefixtures("_old")
@pytest.mark.parametrize(("kept_for", "gone"), [(365 * DAY, 1), (timedelta.max, 0)])
def test_the_setting_counts_from_the_next_run_on(
    settings: Settings, kept_for: timedelta, gone: int
) -> None:
    settings.AGENT_CONNECTOR = {
        **django_settings.AGENT_CONNECTOR,
        "TOOL_CALL_RETENTION": kept_for,
    }

    assert run("prune", "--json").document["tool_calls"] == gone


def test_a_run_that_removes_nothing_of_the_record_leaves_no_event() -> None:
    assert run("prune").code == 0
    assert not Event.objects.exists()


@pytest.mark.usefixtures("_old")
def test_a_run_that_is_stopped_leaves_on_record_what_it_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)

    def stopped(rows: Any) -> Iterator[int]:
        yield next(retention.remove(rows))
        raise KeyboardInterrupt

    monkeypatch.setattr(prune, "remove", stopped)

    with pytest.raises(KeyboardInterrupt):
        run("prune")

    assert ToolCall.objects.count() == 3
    assert "tool calls: 1" in Event.objects.get(kind=Event.Kind.RECORD_PRUNED).detail
