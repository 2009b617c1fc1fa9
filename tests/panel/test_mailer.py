"""The demo's mailer: it sends as long as the demo runs, and not a round longer."""

from __future__ import annotations

import os
import time

import pytest
from django.core import mail
from django.db import OperationalError, connections

from agent_connector.notices import send
from panel.demo import mailer
from tests.factories import make_connection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def _two_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo end after two rounds."""
    parents = iter([7, 7, 7, 1])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(connections, "close_all", lambda: None)


@pytest.mark.usefixtures("_two_rounds")
def test_it_sends_until_the_demo_is_gone() -> None:
    make_connection(make_user(email="jane@example.com"))

    mailer.main()

    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("_two_rounds")
def test_a_busy_database_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[object] = []

    def busy(*, now: object) -> None:
        rounds.append(now)
        raise OperationalError("database is locked")

    monkeypatch.setattr(send, "send_due_notices", busy)

    mailer.main()

    assert len(rounds) == 2
