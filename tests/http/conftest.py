"""One server for all tests over HTTP, and the people who use it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.http.person import Person
from tests.http.server import Site, running_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The panel under gunicorn; at the end, nothing secret was kept anywhere."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running
        running.assert_sound()


def _signed_in(site: Site, username: str) -> Iterator[Person]:
    with Person(site.url) as person:
        yield person.sign_in(username)


@pytest.fixture(scope="session")
def admin(site: Site) -> Iterator[Person]:
    yield from _signed_in(site, "admin")


@pytest.fixture(scope="session")
def editor(site: Site) -> Iterator[Person]:
    yield from _signed_in(site, "editor")


@pytest.fixture(scope="session")
def viewer(site: Site) -> Iterator[Person]:
    yield from _signed_in(site, "viewer")
