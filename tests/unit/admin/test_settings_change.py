"""A switch is set once, on record, whoever comes at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from agent_connector.admin.settings_change import record_changes, switch
from agent_connector.models import ConnectorSettings, Event
from tests.factories import NOON, make_admin
from tests.parallel import database_of_threads, in_parallel


@pytest.fixture
def _shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


@pytest.mark.django_db
def test_a_switch_that_stands_so_already_leaves_no_event() -> None:
    root = make_admin()
    off = partial(switch, "mcp_server_enabled", on=False, actor=root, now=NOON)

    assert [off(address="::1"), off()] == [True, False]
    event = Event.objects.get()
    assert (event.actor, event.address, event.at) == (root, "::1", NOON)
    assert event.detail == "mcp_server_enabled: on → off"
    assert ConnectorSettings.objects.get().mcp_server_enabled is False


@pytest.mark.django_db
def test_every_sort_of_value_is_readable_on_record() -> None:
    changes = {
        "refresh_grace": (timedelta(seconds=30), timedelta(0)),
        "store_arguments": (True, False),
        "calls_per_minute": (300, 20),
        "allowed_addresses": ((), ()),
    }

    record_changes(changes, actor=None, now=NOON, address=None, via="a way")

    assert Event.objects.get().detail == (
        "refresh_grace: 30 s → 0 s; store_arguments: on → off;"
        " calls_per_minute: 300 → 20; allowed_addresses: none → none; a way"
    )


@pytest.mark.usefixtures("_shared_database")
def test_of_many_at_one_moment_one_sets_it() -> None:
    ConnectorSettings.objects.create()  # to make it would let one wait for the other
    off = partial(switch, "mcp_server_enabled", on=False, actor=None, now=NOON)

    assert sorted(in_parallel(*[off] * 4)) == [False, False, False, True]
    assert Event.objects.count() == 1
