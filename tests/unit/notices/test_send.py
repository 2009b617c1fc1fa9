"""Sending: each person once, in one mail, whatever fails and however many send."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail

from agent_connector.connections.revoke import revoke_users
from agent_connector.models import Connection, ConnectorSettings, Mailbox, Notice
from agent_connector.notices import send
from agent_connector.notices.send import QUIET, Sent, send_due_notices
from agent_connector.notices.spread import spread_events
from tests.factories import NOON, make_admin, make_client, make_connection, make_user
from tests.parallel import database_of_threads, in_parallel

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def make_reader(username: str = "jane", **fields: Any) -> User:
    return make_user(username, email=f"{username}@example.com", **fields)


def connect(user: User, name: str = "Cursor", **more: Any) -> Connection:
    return make_connection(user, make_client(name), now=NOON, **more)[0]


def recipients() -> list[str]:
    return [address for one in mail.outbox for address in one.to]


def states() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))


def break_delivery(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let the mail server refuse these addresses, or all."""

    def refuse(message: Any) -> None:
        if not addresses or set(message.to) & set(addresses):
            raise ConnectionRefusedError("secret words of a server")
        mail.outbox.append(message)

    monkeypatch.setattr(send, "deliver", refuse)


def test_a_new_connection_is_mailed_once() -> None:
    connect(make_reader())

    first = send_due_notices(now=NOON)
    again = send_due_notices(now=NOON + QUIET)

    assert (first, again) == (Sent(mails=1, failures=0), Sent(mails=0, failures=0))
    assert recipients() == ["jane@example.com"]
    assert states() == ["sent"]


def test_nothing_is_mailed_where_nothing_happened() -> None:
    make_reader()

    assert send_due_notices(now=NOON) == Sent(mails=0, failures=0)


def test_many_events_of_one_person_are_one_mail() -> None:
    user = make_reader()
    for number in range(60):
        connect(user, f"tool {number}")

    send_due_notices(now=NOON)

    [sent] = mail.outbox
    assert sent.subject == "Harbour & Pine: News of your AI clients"
    assert "tool 0" in sent.body
    assert "And 10 more like these." in sent.body
    assert states() == ["sent"] * 60


def test_what_comes_soon_after_a_mail_waits_for_the_next() -> None:
    user = make_reader()
    connect(user)
    send_due_notices(now=NOON)
    connect(user, "Codex")
    connect(user, "Gemini CLI")

    send_due_notices(now=NOON + QUIET - MINUTE)
    early = len(mail.outbox)
    send_due_notices(now=NOON + QUIET)

    assert early == 1
    assert len(mail.outbox) == 2
    assert "Codex" in mail.outbox[1].body
    assert "Gemini CLI" in mail.outbox[1].body


def test_a_mass_revoke_is_one_mail_a_person() -> None:
    admin = make_admin(email="root@example.com")
    users = [make_reader(f"user-{number}") for number in range(30)]
    for user in users:
        connect(user)
        connect(user, "Codex")
    ConnectorSettings.objects.create(notify_administrators=True)
    Notice.objects.all().delete()
    send_due_notices(now=NOON)
    mail.outbox.clear()

    reason = Connection.RevokedReason.ADMIN
    pks = [user.pk for user in users]
    revoke_users(pks, reason=reason, actor=admin, now=NOON)
    send_due_notices(now=NOON + QUIET)

    assert sorted(recipients()) == sorted(user.email for user in users)


def test_who_has_no_address_or_is_inactive_is_not_mailed() -> None:
    connect(make_user("nobody"))
    gone = make_reader("gone")
    connect(gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    sent = send_due_notices(now=NOON)

    assert sent == Sent(mails=0, failures=0)
    assert states() == ["no_address"] * 2


def test_a_dead_server_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connect(make_reader())
    break_delivery(monkeypatch)

    with caplog.at_level(logging.WARNING):
        failed = send_due_notices(now=NOON)
    too_soon = send_due_notices(now=NOON + MINUTE / 2)
    monkeypatch.undo()
    later = send_due_notices(now=NOON + MINUTE)

    assert (failed.failures, too_soon.failures, later.mails) == (1, 0, 1)
    assert "ConnectionRefusedError" in caplog.text
    assert "secret words" not in caplog.text


def test_each_failure_doubles_the_wait_up_to_six_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect(make_reader())
    break_delivery(monkeypatch)

    waits, now = [], NOON
    for _ in range(11):
        send_due_notices(now=now)
        due = Mailbox.objects.get().next_at
        waits.append((due - now) / MINUTE)
        now = due

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_one_address_that_fails_keeps_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect(make_reader("broken"))
    connect(make_reader("fine"))
    break_delivery(monkeypatch, "broken@example.com")

    assert send_due_notices(now=NOON) == Sent(mails=1, failures=1)
    assert recipients() == ["fine@example.com"]


def test_a_run_ends_after_three_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        connect(make_reader(f"user-{number}"))
    break_delivery(monkeypatch)

    assert send_due_notices(now=NOON).failures == 3
    assert Mailbox.objects.filter(attempts=0).count() == 2


def test_it_is_given_up_after_three_days(monkeypatch: pytest.MonkeyPatch) -> None:
    connect(make_reader())
    break_delivery(monkeypatch)
    send_due_notices(now=NOON)

    send_due_notices(now=NOON + timedelta(days=3) - MINUTE)
    before = states()
    send_due_notices(now=NOON + timedelta(days=4))

    assert (before, states()) == (["waiting"], ["failed"])


def test_what_nobody_tried_to_send_is_not_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three failures end a run: of seven, the two runs here try six."""
    for number in range(7):
        connect(make_reader(f"user-{number}"))
    break_delivery(monkeypatch)

    send_due_notices(now=NOON)
    send_due_notices(now=NOON + timedelta(days=4))

    assert sorted(states()) == ["failed"] * 6 + ["waiting"]


def test_who_died_in_the_middle_is_replaced_after_the_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect(make_reader())

    def die(_message: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(send, "deliver", die)
    with pytest.raises(SystemExit):
        send_due_notices(now=NOON)
    monkeypatch.undo()

    assert send_due_notices(now=NOON + send.LEASE - MINUTE).mails == 0
    assert send_due_notices(now=NOON + send.LEASE).mails == 1


def test_old_notices_are_forgotten_and_not_sent_again() -> None:
    connect(make_reader())
    send_due_notices(now=NOON)

    send_due_notices(now=NOON + timedelta(days=91))

    assert not Notice.objects.exists()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_send_one_mail_a_person(tmp_path: Path) -> None:
    """Each round one moment at which both begin."""
    with database_of_threads(tmp_path):
        for number in range(8):
            connect(make_reader(f"user-{number}"))

        sent = in_parallel(*[lambda: send_due_notices(now=NOON)] * 2)

    assert sum(one.mails for one in sent) == 8
    assert len(set(recipients())) == len(recipients()) == 8


def test_news_of_others_do_not_go_to_who_is_no_administrator_any_more() -> None:
    ConnectorSettings.objects.create(notify_administrators=True)
    root = make_admin("root", email="root@example.com")
    connect(make_reader())
    spread_events(now=NOON)
    User.objects.filter(pk=root.pk).update(is_superuser=False)

    send_due_notices(now=NOON)

    assert recipients() == ["jane@example.com"]
    assert sorted(states()) == sorted([Notice.State.SENT, Notice.State.UNADDRESSED])


def test_who_is_no_administrator_any_more_still_gets_the_own_news() -> None:
    ConnectorSettings.objects.create(notify_administrators=True)
    root = make_admin("root", email="root@example.com", first_name="Rut")
    connect(root)
    connect(make_reader("jane", first_name="Jane"))
    spread_events(now=NOON)
    User.objects.filter(pk=root.pk).update(is_superuser=False)

    send_due_notices(now=NOON)

    [own] = [one for one in mail.outbox if one.to == ["root@example.com"]]
    assert "Cursor" in own.body
    assert "jane" not in own.body.lower()
