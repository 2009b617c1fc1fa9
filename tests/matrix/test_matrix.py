"""Every address, every method, every principal: each answer as the table says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import path

from agent_connector.oauth.views.metadata import authorization_server
from panel import urls
from tests.matrix.routes import routes_of
from tests.matrix.table import READS, TABLE, UNSAFE, Outcome, outcome_of
from tests.matrix.world import World, ask

pytestmark = pytest.mark.django_db

ROUTES = routes_of(urls)
PRINCIPALS = 14
IDLE = set(Outcome) - {Outcome.SERVED, Outcome.REFUSED}
"""Answers that nothing was done for."""


def requests() -> Iterator[tuple[str, bool]]:
    """Yield each method; the unsafe ones without and with a CSRF token."""
    for method in READS:
        yield method, False
    for method in UNSAFE:
        yield method, False
        yield method, True


def test_every_address_stands_in_the_table_and_no_other() -> None:
    assert sorted(TABLE) == sorted(ROUTES)


def test_a_new_address_is_missed() -> None:
    class Grown:
        urlpatterns = [*urls.urlpatterns, path("new/", authorization_server)]

    assert routes_of(Grown).keys() - TABLE.keys() == {"/new/"}


@pytest.mark.parametrize("name", TABLE)
def test_each_principal_gets_what_the_table_says(world: World, name: str) -> None:
    entry = TABLE[name]
    deviations: list[tuple[object, ...]] = []
    assert len(world.principals) == PRINCIPALS

    for who, principal in world.principals.items():
        for method, with_csrf in requests():
            answer = ask(
                world,
                principal,
                route=ROUTES[name],
                entry=entry,
                method=method,
                with_csrf=with_csrf,
            )
            right = outcome_of(entry, principal, method=method, with_csrf=with_csrf)
            if answer.outcome != right:
                deviations.append((who, method, with_csrf, answer.outcome, right))
            is_idle = method in READS or answer.outcome in IDLE
            if is_idle and answer.written - entry.may_write:
                deviations.append((who, method, with_csrf, *answer.written))

    assert deviations == [], deviations[:5]
