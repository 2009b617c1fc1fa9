"""Registrations that nobody uses go; whatever somebody could still use stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Client, Connection, Throttle
from agent_connector.oauth.pruning import BATCH, prune_clients
from tests.factories import NOON, make_client, make_code, make_connection, make_user
from tests.parallel import database_of_threads, in_parallel

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def prune(after: timedelta) -> int:
    return prune_clients(now=NOON + after)


@pytest.fixture
def _shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["dynamic", "document"])
def test_a_client_without_a_consent_goes_after_a_day(kind: str) -> None:
    make_client(kind=kind)

    assert prune(23 * HOUR) == 0
    assert prune(24 * HOUR) == 1
    assert not Client.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"kind": "manual"}, {"kind": "document", "trust": "blocked"}]
)
def test_what_an_administrator_entered_or_blocked_stays(
    fields: dict[str, str],
) -> None:
    make_client(**fields)

    assert prune(400 * DAY) == 0


@pytest.mark.django_db
def test_a_code_that_is_pending_holds_its_client() -> None:
    make_code(make_user(), make_client(), now=NOON + 24 * HOUR)

    assert prune(24 * HOUR + timedelta(seconds=30)) == 0


@pytest.mark.django_db
def test_a_live_connection_holds_its_client() -> None:
    connection, _ = make_connection(make_user(), make_client(), now=NOON)
    Connection.objects.filter(pk=connection.pk).update(expires_at=NOON + 100 * DAY)

    assert prune(99 * DAY) == 0


@pytest.mark.django_db
def test_a_used_client_without_a_live_connection_goes_after_thirty_days() -> None:
    connection, _ = make_connection(make_user(), make_client("Old"), now=NOON)
    revoke_connection(
        connection, reason=Connection.RevokedReason.USER, actor=None, now=NOON
    )
    Connection.objects.update(expires_at=NOON + 100 * DAY)

    assert prune(29 * DAY) == 0
    assert prune(30 * DAY) == 1
    connection.refresh_from_db()
    assert (connection.client_id, connection.client_name) == (None, "Old")


@pytest.mark.django_db
def test_a_live_connection_holds_no_client_but_its_own() -> None:
    make_connection(make_user(), make_client(), now=NOON)
    unused = make_client()

    assert prune(24 * HOUR) == 1
    assert not Client.objects.filter(pk=unused.pk).exists()


@pytest.mark.django_db
def test_a_client_that_was_used_lately_stays_after_its_connection_ended() -> None:
    connection, _ = make_connection(make_user(), make_client(), now=NOON)
    Connection.objects.filter(pk=connection.pk).update(
        expires_at=NOON + 40 * DAY, last_used_at=NOON + 39 * DAY
    )

    assert prune(60 * DAY) == 0
    assert prune(70 * DAY) == 1


@pytest.mark.django_db
def test_few_go_at_a_time_and_old_counts_with_them() -> None:
    for _ in range(BATCH + 1):
        make_client()
    for window in (NOON, NOON + 30 * HOUR):
        Throttle.objects.create(scope="registration", key=b"k", window=window)

    assert [prune(2 * DAY), prune(2 * DAY), prune(2 * DAY)] == [BATCH, 1, 0]
    assert Throttle.objects.get().window == NOON + 30 * HOUR


@pytest.mark.usefixtures("_shared_database")
def test_a_consent_at_the_same_moment_never_loses_its_client() -> None:
    for _ in range(12):
        client, user = make_client(), make_user()

        def consent(client: Client = client, user: object = user) -> bool:
            try:
                make_code(user, client, now=NOON + 2 * DAY)  # type: ignore[arg-type]
            except Exception:  # noqa: BLE001  # the client was gone before
                return False
            return True

        consented, _ = in_parallel(consent, partial(prune, 2 * DAY))

        orphans = Connection.objects.filter(client=None)
        assert not orphans.exists()
        if consented:
            assert Client.objects.filter(pk=client.pk).exists()
