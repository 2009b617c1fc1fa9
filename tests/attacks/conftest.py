"""One server for all attacks, the people at it, and whoever is hired for one test."""

from __future__ import annotations

import contextlib
import itertools
import socket
from collections.abc import Callable, Iterator

import pytest

from tests.document_host import ADDRESS, HOST, answer_with, running_host
from tests.http.admin_pages import set_access
from tests.http.conftest import admin, editor, viewer  # noqa: F401  # fixtures
from tests.http.hand import forget_counts, run_sql
from tests.http.person import Person
from tests.http.server import Site, listening_socket, running_site
from tests.http.wire import Registered, register
from tests.http.world import World

Hire = Callable[..., Person]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("outside")
    with running_host(folder) as host:
        yield World(folder, host)


@pytest.fixture
def world(outside: World) -> World:
    """What the server sees of the internet: one host, that answers soundly."""
    outside.host.answer = answer_with()
    outside.begin({HOST: [[ADDRESS]]})
    return outside


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, outside: World) -> Iterator[Site]:
    """The panel under gunicorn, four workers; at the end, nothing secret was kept."""
    with running_site(
        tmp_path_factory.mktemp("attacked"),
        DJANGO_SETTINGS_MODULE="tests.attacks.settings",
        TEST_WORLD=str(outside.folder),
    ) as running:
        yield running
        running.assert_sound()


@pytest.fixture(autouse=True)
def _fresh_counts(request: pytest.FixtureRequest) -> None:
    """All tests share one address: what one of them failed at must not stop the next."""
    if "site" in request.fixturenames:
        forget_counts(request.getfixturevalue("site"))


@pytest.fixture(scope="module")
def client(site: Site) -> Registered:
    return register(site)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """An address that nobody may call."""
    with listening_socket() as listening:
        listening.settimeout(0.3)
        yield listening


@pytest.fixture
def hire(site: Site, admin: Person) -> Iterator[Hire]:  # noqa: F811  # the fixture
    """Return what makes a signed-in person of their own: an editor, enabled.

    `like` names another of the demo's people to have the roles of.
    """
    with contextlib.ExitStack() as leaving:

        def act(*, like: str = "editor", enabled: bool = True) -> Person:
            username = f"hired{next(_numbers)}"
            _insert(site, username, like=like)
            if enabled:
                set_access(admin, username, "enabled")
            return leaving.enter_context(Person(site.url)).sign_in(username)

        yield act


def _insert(site: Site, username: str, *, like: str) -> None:
    copied = "password, is_superuser, first_name, last_name, is_staff, is_active"
    run_sql(
        site,
        f"INSERT INTO auth_user ({copied}, username, email, date_joined)"  # noqa: S608  # columns
        f" SELECT {copied}, ?, ?, date_joined FROM auth_user WHERE username = ?",
        username,
        f"{username}@example.com",
        like,
    )
    run_sql(
        site,
        "INSERT INTO auth_user_groups (user_id, group_id)"
        " SELECT hired.id, theirs.group_id FROM auth_user hired"
        " JOIN auth_user model ON model.username = ?"
        " JOIN auth_user_groups theirs ON theirs.user_id = model.id"
        " WHERE hired.username = ?",
        like,
        username,
    )
