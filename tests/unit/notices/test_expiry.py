"""A personal access token is noted a week before its end, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction

from agent_connector.models import Connection, ConnectorSettings, Event
from agent_connector.notices.expiry import note_expiring
from agent_connector.notices.send import send_due_notices
from tests.factories import NOON, make_connection, make_personal, make_user
from tests.parallel import database_of_threads, in_parallel

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "after", "noted"),
    [
        pytest.param(30, 22, 0, id="eight days before"),
        pytest.param(30, 23, 1, id="a week before"),
        pytest.param(30, 29, 1, id="a day before"),
        pytest.param(30, 30, 0, id="when it is over"),
        pytest.param(7, 3, 0, id="made for a week"),
        pytest.param(8, 2, 1, id="made for more"),
    ],
)
def test_it_is_noted_within_the_last_week(days: int, after: int, noted: int) -> None:
    make_personal(make_user(), days=days, now=NOON)

    assert note_expiring(now=NOON + after * DAY) == noted
    assert note_expiring(now=NOON + after * DAY) == 0


def test_the_event_says_whose_and_which() -> None:
    user = make_user("jane")
    issued = make_personal(user, now=NOON)

    note_expiring(now=NOON + 25 * DAY)

    event = Event.objects.get(kind=Event.Kind.TOKEN_EXPIRING)
    assert (event.user, event.connection) == (user, issued.connection)
    assert (event.detail, event.audience) == ("nightly report", "user")


def test_what_is_revoked_or_no_personal_token_is_left_out() -> None:
    make_connection(make_user(), now=NOON)
    make_personal(make_user(), now=NOON)
    Connection.objects.filter(origin="personal").update(
        revoked_at=NOON, revoked_reason="user"
    )

    assert note_expiring(now=NOON + 25 * DAY) == 0


def test_the_setting_counts_from_the_next_run_on() -> None:
    make_personal(make_user(), now=NOON)
    ConnectorSettings.objects.update(notify_expiring_token=False)
    off = note_expiring(now=NOON + 25 * DAY)
    ConnectorSettings.objects.update(notify_expiring_token=True)

    assert (off, note_expiring(now=NOON + 25 * DAY)) == (0, 1)


def test_it_is_mailed_with_the_day_on_which_it_ends() -> None:
    make_personal(make_user("jane", email="jane@example.com"), now=NOON)
    send_due_notices(now=NOON)

    send_due_notices(now=NOON + 25 * DAY)

    assert "about to expire" in mail.outbox[1].subject
    assert "1 Apr 2026 12:00" in mail.outbox[1].body


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_note_it_once(tmp_path: Path) -> None:
    with database_of_threads(tmp_path):
        for _ in range(5):
            make_personal(make_user(), now=NOON)

        in_parallel(*[lambda: note_expiring(now=NOON + 25 * DAY)] * 4)

    assert Event.objects.filter(kind=Event.Kind.TOKEN_EXPIRING).count() == 5


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_another_is_about_to_note_is_left_to_it(tmp_path: Path) -> None:
    make_personal(make_user(), now=NOON)

    with transaction.atomic():
        note_expiring(now=NOON + 25 * DAY)
        [other] = in_parallel(lambda: note_expiring(now=NOON + 25 * DAY))

    assert other == 0
    assert Event.objects.filter(kind=Event.Kind.TOKEN_EXPIRING).count() == 1
