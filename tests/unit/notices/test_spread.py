"""From events to notices: the settings of the moment decide, each person gets one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from agent_connector.connections.access import disable_access
from agent_connector.connections.block import block_client
from agent_connector.connections.issue import find_code, redeem_code
from agent_connector.connections.revoke import (
    revoke_connection,
    revoke_misused,
    revoke_users,
)
from agent_connector.models import Connection, ConnectorSettings, Event, Notice
from agent_connector.notices.spread import WINDOW, spread_events
from tests.factories import (
    NOON,
    allow_personal_tokens,
    make_admin,
    make_client,
    make_code,
    make_connection,
    make_personal,
    make_user,
)

pytestmark = pytest.mark.django_db

Reason = Connection.RevokedReason


def told() -> set[tuple[str, str]]:
    """Make the notices; return kind and recipient of each."""
    spread_events(now=NOON)
    rows = Notice.objects.values_list("event__kind", "recipient__username")
    return {(str(kind), str(name)) for kind, name in rows}


def quiet_connection(user: User) -> Connection:
    """Return a connection that nobody is told of."""
    ConnectorSettings.objects.update_or_create(
        defaults={"notify_new_connection": False}
    )
    connection, _ = make_connection(user, now=NOON)
    return connection


def test_a_connection_is_told_once_its_code_was_exchanged() -> None:
    code = find_code(make_code(make_user("jane"), now=NOON))
    assert code is not None
    before = told()

    redeem_code(code, now=NOON, address=None)

    assert before == set()
    assert told() == {("connection_opened", "jane")}


def test_a_personal_token_is_a_new_connection() -> None:
    make_personal(make_user("jane"), now=NOON)

    assert told() == {("connection_opened", "jane")}


@pytest.mark.parametrize("alarm", ["refresh_reused", "code_replayed"])
def test_an_alarm_is_told_and_the_revocation_with_it_is_not(alarm: str) -> None:
    connection = quiet_connection(make_user("jane"))

    revoke_misused(
        connection,
        reason=Reason.REUSE,
        alarm=Event.Kind(alarm),
        now=NOON,
        address=None,
    )

    assert told() == {(alarm, "jane")}


@pytest.mark.parametrize(
    ("reason", "is_told"),
    [
        (Reason.ADMIN, True),
        (Reason.LEAK, True),
        (Reason.USER, False),
        (Reason.CLIENT, False),
        (Reason.PASSWORD, False),
    ],
)
@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_what_somebody_else_revoked_is_told(
    reason: Connection.RevokedReason, *, is_told: bool, many: bool
) -> None:
    user, admin = make_user("jane"), make_admin()
    connection = quiet_connection(user)

    if many:
        revoke_users([user.pk], reason=reason, actor=admin, now=NOON)
    else:
        revoke_connection(connection, reason=reason, actor=admin, now=NOON)

    assert told() == ({("connection_revoked", "jane")} if is_told else set())


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_what_one_revoked_oneself_is_not_told(*, many: bool) -> None:
    admin, user = make_admin(), make_user("jane")
    own = quiet_connection(admin)
    quiet_connection(user)

    if many:
        pks = [user.pk, admin.pk]
        revoke_users(pks, reason=Reason.ADMIN, actor=admin, now=NOON)
        assert told() == {("connection_revoked", "jane")}
    else:
        revoke_connection(own, reason=Reason.LEAK, actor=admin, now=NOON)
        assert told() == set()


def test_disabling_and_blocking_are_told_to_those_who_were_connected() -> None:
    admin, jane, joe = make_admin(), make_user("jane"), make_user("joe")
    quiet_connection(jane)
    program = make_client()
    make_connection(joe, program, now=NOON)

    disable_access([jane.pk], actor=admin, now=NOON)
    block_client(program, actor=admin, now=NOON)

    revoked = str(Event.Kind.CONNECTION_REVOKED)
    assert told() == {(revoked, "jane"), (revoked, "joe")}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("notify_new_connection", "connection_opened"),
        ("notify_reuse_alarm", "refresh_reused"),
        ("notify_revoked_by_others", "connection_revoked"),
    ],
)
def test_each_setting_counts_from_the_next_act_on(name: str, kind: str) -> None:
    """What happened while it was off stays untold when it is on again."""

    def act(user: User) -> None:
        first, _ = make_connection(user, now=NOON)
        second, _ = make_connection(user, now=NOON)
        alarm, reuse = Event.Kind.REFRESH_REUSED, Reason.REUSE
        revoke_misused(first, reason=reuse, alarm=alarm, now=NOON, address=None)
        revoke_connection(second, reason=Reason.ADMIN, actor=None, now=NOON)

    row = ConnectorSettings.objects.create(**{name: False})
    act(make_user("off"))
    setattr(row, name, True)
    row.save()
    act(make_user("on"))

    kinds = {"connection_opened", "refresh_reused", "connection_revoked"}
    assert told() == {
        *((one, "on") for one in kinds),
        *((one, "off") for one in kinds - {kind}),
    }


def test_administrators_are_told_too_where_the_settings_say_so() -> None:
    make_admin("root")
    boss = make_admin("boss")
    make_admin("gone", is_active=False)
    make_user("staff")
    jane = make_user("jane")
    connection = quiet_connection(jane)
    ConnectorSettings.objects.update(notify_administrators=True)

    revoke_connection(connection, reason=Reason.ADMIN, actor=boss, now=NOON)

    revoked = "connection_revoked"
    assert told() == {(revoked, "jane"), (revoked, "root")}


def test_the_code_of_the_project_decides_as_well(settings: object) -> None:
    own = getattr(settings, "AGENT_CONNECTOR")  # noqa: B009  # pytest's, without types
    own = {**own, "NOTIFY_NEW_CONNECTION": False, "NOTIFY_ADMINISTRATORS": True}
    setattr(settings, "AGENT_CONNECTOR", own)  # noqa: B010  # as above
    make_admin("root")
    user = make_user("jane")
    make_connection(user, now=NOON)
    revoke_users([user.pk], reason=Reason.ADMIN, actor=None, now=NOON)

    assert told() == {("connection_revoked", "jane"), ("connection_revoked", "root")}


def test_each_is_told_once_however_often_it_is_asked() -> None:
    make_connection(make_user(), now=NOON)

    for _ in range(3):
        spread_events(now=NOON)

    assert Notice.objects.count() == 1


def test_what_nobody_can_be_told_keeps_nothing_from_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agent_connector.notices.spread.BATCH", 1)
    allow_personal_tokens()
    gone = make_user("gone")
    make_connection(gone, now=NOON)
    gone.delete()
    make_connection(make_user("jane"), now=NOON)
    make_connection(make_user("joe"), now=NOON)

    assert {name for _kind, name in told()} == {"jane", "joe"}


def test_what_is_a_month_old_is_no_news() -> None:
    make_connection(make_user(), now=NOON)

    spread_events(now=NOON + WINDOW + timedelta(seconds=1))

    assert not Notice.objects.exists()
