"""What the Settings page is told of mail that was not sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.models import Connection, Notice
from agent_connector.notices.backlog import Backlog, backlog_of_mail
from agent_connector.notices.send import send_due_notices
from tests.factories import NOON, make_admin, make_connection, make_user
from tests.screens import signed_in, text_of

pytestmark = pytest.mark.django_db

FINE = Backlog(failed=0, late_since=None)
SETTINGS = "/admin/agent_connector/connectorsettings/"


def test_all_is_well_where_nothing_waits() -> None:
    assert backlog_of_mail(now=NOON) == FINE


@pytest.mark.parametrize(
    ("minutes", "is_late"), [(14, False), (16, True)], ids=["soon", "late"]
)
@pytest.mark.parametrize("is_spread", [False, True])
def test_what_waits_for_long_is_late(
    minutes: int, *, is_late: bool, is_spread: bool
) -> None:
    make_connection(make_user(email="jane@example.com"), now=NOON)
    if is_spread:
        send_due_notices(now=NOON)
        Notice.objects.update(state=Notice.State.WAITING, done_at=None)

    found = backlog_of_mail(now=NOON + timedelta(minutes=minutes))

    assert found == Backlog(failed=0, late_since=NOON if is_late else None)


def test_a_consent_whose_code_nobody_fetched_is_not_late() -> None:
    make_connection(make_user(), now=NOON)
    Connection.objects.update(exchanged_at=None)

    assert backlog_of_mail(now=NOON + timedelta(days=1)) == FINE


def test_what_was_given_up_is_told_for_a_week() -> None:
    make_connection(make_user(email="jane@example.com"), now=NOON)
    send_due_notices(now=NOON)
    Notice.objects.update(state=Notice.State.FAILED, done_at=NOON)

    assert backlog_of_mail(now=NOON + timedelta(days=6)).failed == 1
    assert backlog_of_mail(now=NOON + timedelta(days=8)) == FINE


def test_the_settings_page_says_both(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(make_admin())
    before = text_of(browser.get(SETTINGS))
    said = Backlog(failed=3, late_since=NOON)
    monkeypatch.setattr(
        "agent_connector.admin.settings.backlog_of_mail", lambda **_now: said
    )

    text = text_of(browser.get(SETTINGS))

    assert "could not be mailed" not in before
    assert "Mails wait since" not in before
    assert "3 notices could not be mailed within the last week" in text
    assert "Mails wait since 2 Mar 2026" in text
