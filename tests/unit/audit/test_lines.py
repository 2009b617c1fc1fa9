"""An event in words: what, which client, by whom, why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from agent_connector.audit.lines import EventLine, line_of, timeline_of
from agent_connector.audit.record import record_event
from agent_connector.connections.access import disable_access, enable_access
from agent_connector.connections.revoke import revoke_connection, revoke_misused
from agent_connector.models import Connection, Event
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_connection,
    make_personal,
    make_user,
)
from tests.statements import statements

pytestmark = pytest.mark.django_db

Kind = Event.Kind


def lines_of(user: User) -> list[EventLine]:
    return [line_of(event) for event in timeline_of(user.pk)]


def newest(user: User) -> EventLine:
    return lines_of(user)[0]


def test_a_life_is_told_from_its_end() -> None:
    admin = make_admin(first_name="Ada", last_name="L")
    user = make_user("jane", enabled=False)
    enable_access([user.pk], actor=admin, now=NOON)
    user = User.objects.get(pk=user.pk)
    make_connection(
        user, make_client("Cursor", host="cursor.com"), level="read", now=NOON
    )
    make_personal(user, now=NOON)
    later = NOON + timedelta(days=1)
    disable_access([user.pk], actor=admin, now=later)

    told = [(str(x.what), str(x.client), x.by, str(x.why)) for x in lines_of(user)]

    disabled = "MCP access was disabled"
    assert sorted(told[:3]) == sorted(
        [
            ("MCP access disabled", "", "Ada L", ""),
            ("Connection revoked", "nightly report", "Ada L", disabled),
            ("Connection revoked", "Cursor", "Ada L", disabled),
        ]
    )
    assert told[3:] == [
        (
            "Personal access token made",
            "nightly report",
            "jane",
            "Read and change",
        ),
        ("Client registered", "Cursor", "", ""),
        ("Connection opened", "Cursor", "jane", "Read only"),
        ("MCP access enabled", "", "Ada L", ""),
    ]


def test_a_client_s_verified_host_is_said() -> None:
    user = make_user()
    make_connection(user, make_client("Cursor", host="cursor.com"), now=NOON)

    assert {line.host for line in lines_of(user)} == {"cursor.com"}


def test_an_alarm_is_marked_in_word_and_colour() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)
    revoke_misused(
        connection,
        reason=Connection.RevokedReason.REUSE,
        alarm=Kind.REFRESH_REUSED,
        now=NOON + timedelta(days=1),
        address="198.51.100.7",
    )

    alarm = newest(user)

    assert (alarm.mark, alarm.tone) == ("Alarm", "red")
    assert (alarm.client, alarm.by, alarm.address) == (
        "Claude Code",
        "",
        "198.51.100.7",
    )


@pytest.mark.parametrize(
    ("denial", "why"),
    [
        ("disabled", "MCP access is disabled"),
        ("not_staff", "The user may not sign in to the admin"),
        ("inactive", "The user is inactive"),
        ("something new", "something new"),
    ],
)
def test_a_refused_sign_in_says_why(denial: str, why: str) -> None:
    user = make_user()
    detail = f"Tool: The best: {denial}"
    record_event(Kind.CONSENT_REFUSED, now=NOON, user=user, actor=user, detail=detail)

    line = newest(user)

    assert (line.client, line.why) == ("Tool: The best", why)
    assert (line.mark, line.tone) == ("Failed", "amber")


def test_a_denied_consent_names_the_client() -> None:
    user = make_user()
    record_event(Kind.CONSENT_DENIED, now=NOON, user=user, actor=user, detail="Cursor")

    assert (newest(user).client, newest(user).why) == ("Cursor", "")


def test_who_guesses_a_password_stands_on_both_timelines() -> None:
    admin, user = make_admin(), make_user()
    record_event(Kind.PASSWORD_REFUSED, now=NOON, user=user, actor=admin)
    record_event(Kind.ACCESS_ENABLED, now=NOON, user=user, actor=admin)

    assert len(lines_of(user)) == 2
    assert [line.what for line in lines_of(admin)] == ["Password confirmation failed"]


def test_somebody_who_was_deleted_is_still_named() -> None:
    admin, user = make_admin("root"), make_user()
    connection, _ = make_connection(user, now=NOON)
    revoke_connection(
        connection,
        reason=Connection.RevokedReason.ADMIN,
        actor=admin,
        now=NOON + timedelta(days=1),
    )

    admin.delete()

    assert newest(user).by == "root (deleted since)"


def test_every_kind_can_be_told() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)
    facts: list[dict[str, Any]] = [{"connection": connection}, {"detail": "something"}]

    for kind in Kind:
        for more in facts:
            record_event(kind, now=NOON, user=user, **more)

    assert all(line.what for line in lines_of(user))


def test_a_timeline_is_one_statement_however_long() -> None:
    admin, user = make_admin(), make_user()
    for number in range(5):
        connection, _ = make_connection(user, make_client(f"tool {number}"), now=NOON)
        reason = Connection.RevokedReason.ADMIN
        revoke_connection(connection, reason=reason, actor=admin, now=NOON)

    with statements() as seen:
        assert len(lines_of(user)) == 15

    assert len(seen) == 1
