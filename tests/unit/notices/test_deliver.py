"""The mail server is real, and dead in two ways; nobody waits for it for long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import django
import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from agent_connector.models import Connection, Notice
from agent_connector.notices import deliver as module
from agent_connector.notices.deliver import TIMEOUT_SECONDS, deliver
from agent_connector.notices.send import send_due_notices
from tests.factories import make_admin, make_connection, make_user
from tests.screens import screen, signed_in

MESSAGE = EmailMessage("subject", "text", "from@example.com", ["to@example.com"])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def use_smtp(
    monkeypatch: pytest.MonkeyPatch, port: int, *, timeout: float | None = None
) -> list[EmailBackend]:
    """Let the project name an SMTP server; return the backends that are made of it."""
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    options = {"host": "127.0.0.1", "port": port, "timeout": timeout}
    if django.VERSION >= (6, 1):
        mailers = {"default": {"BACKEND": smtp, "OPTIONS": options}}
        monkeypatch.setattr(settings, "MAILERS", mailers)
    else:
        monkeypatch.setattr(settings, "EMAIL_BACKEND", smtp)
        for name, value in options.items():
            monkeypatch.setattr(settings, f"EMAIL_{name.upper()}", value)
    made: list[EmailBackend] = []
    new = module.project_backend

    def noted() -> EmailBackend:
        made.append(new())
        return made[-1]

    monkeypatch.setattr(module, "project_backend", noted)
    return made


def test_it_goes_through_the_backend_of_the_project() -> None:
    deliver(MESSAGE)

    assert [one.subject for one in mail.outbox] == ["subject"]


def test_a_server_that_is_not_there_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_smtp(monkeypatch, _closed_port())

    with pytest.raises(ConnectionRefusedError):
        deliver(MESSAGE)


def test_a_server_that_says_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    use_smtp(monkeypatch, silent_port)

    began = time.monotonic()
    with pytest.raises(SMTPServerDisconnected, match="timed out"):
        deliver(MESSAGE)

    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("own", "used"), [(None, TIMEOUT_SECONDS), (3, 3)], ids=["ours", "the project's"]
)
def test_a_timeout_of_the_project_s_own_wins(
    monkeypatch: pytest.MonkeyPatch, own: float | None, used: float
) -> None:
    made = use_smtp(monkeypatch, _closed_port(), timeout=own)

    with pytest.raises(ConnectionRefusedError):
        deliver(MESSAGE)

    assert [backend.timeout for backend in made] == [used]


@pytest.mark.django_db
@pytest.mark.parametrize("is_silent", [False, True], ids=["refuses", "says nothing"])
def test_a_dead_server_delays_nobody_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, silent_port: int, *, is_silent: bool
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    asked = use_smtp(monkeypatch, silent_port if is_silent else _closed_port())
    user = make_user(email="jane@example.com")
    make_connection(user)
    browser = signed_in(make_admin())

    browser.post(screen("revoke", user), {"confirm": "yes"})
    in_the_request = len(asked)
    now = timezone.now()
    failed = send_due_notices(now=now)
    monkeypatch.undo()
    later = send_due_notices(now=now + timedelta(hours=1))

    assert in_the_request == 0
    assert not Connection.objects.filter(revoked_at=None).exists()
    assert (failed.failures, later.mails) == (1, 1)
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
