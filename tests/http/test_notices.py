"""Which acts are to be mailed: what the page says, from the next one on, in any worker."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from tests.http.admin_pages import revoke_all
from tests.http.person import Person
from tests.http.server import Site
from tests.http.settings_page import save as save_settings
from tests.http.wire import register

AGAIN = 6
"""Acts in a row, which the workers share."""


@pytest.fixture
def restored(admin: Person) -> Iterator[None]:
    """Leave the site as the other tests expect it."""
    yield
    save_settings(admin, notify_administrators=None)


def _connect(site: Site, _admin: Person, editor: Person) -> None:
    register(site, "Told").tokens(editor)


def _use_twice(site: Site, _admin: Person, editor: Person) -> None:
    client = register(site, "Told")
    tokens = client.tokens(editor)
    for _ in range(2):
        client.refresh(tokens.refresh)


def _revoke(site: Site, admin: Person, editor: Person) -> None:
    register(site, "Told").tokens(editor)
    revoke_all(admin, "editor")


Act = Callable[[Site, Person, Person], None]
ACTS: dict[str, tuple[str, Act]] = {
    "notify_new_connection": ("connection_opened", _connect),
    "notify_reuse_alarm": ("refresh_reused", _use_twice),
    "notify_revoked_by_others": ("connection_revoked", _revoke),
}


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("name", ACTS)
def test_a_setting_counts_from_the_next_act_on(
    site: Site, admin: Person, editor: Person, name: str
) -> None:
    kind, act = ACTS[name]

    def told(own: str | None, administrators: str | None) -> set[str]:
        changes = {name: own, "notify_administrators": administrators}
        save_settings(admin, refresh_grace="0", **changes)
        before = _events(site, kind)
        for _ in range(AGAIN):
            act(site, admin, editor)
        after = _events(site, kind)
        return {after[pk] for pk in after.keys() - before}

    assert told(None, "on") == {""}
    assert told("on", None) == {"user"}
    assert told("on", "on") == {"admin"}


QUERY = "SELECT id, kind, audience FROM agent_connector_event"


def _events(site: Site, kind: str) -> dict[int, str]:
    """Return who is to be told of each event of this kind."""
    if site.database_url.startswith("sqlite:///"):
        path = site.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(QUERY).fetchall()
    else:
        with psycopg.connect(site.database_url) as server:
            rows = server.execute(QUERY).fetchall()
    return {pk: audience for pk, of_kind, audience in rows if of_kind == kind}
