"""A site on its first day: no user, no client, nothing to open without signing in."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from panel import urls
from tests.factories import make_user
from tests.matrix.principals import Principal, person
from tests.matrix.routes import routes_of
from tests.matrix.table import READS, TABLE, UNSAFE, Outcome, outcome_of
from tests.matrix.world import World, ask

pytestmark = pytest.mark.django_db

ROUTES = routes_of(urls)


def empty_world(principal: Principal) -> World:
    """Return a world whose addresses name things that do not exist."""
    parts = {thing for entry in TABLE.values() for _, thing in entry.arguments}
    things: dict[str, object] = dict.fromkeys(parts, 999_999)
    named = {"app": "shop", "nowhere": "no/such/page/", "connection": uuid.UUID(int=1)}
    return World(
        principals={"": principal},
        things=things | named,
        consent="client_id=nobody",
        browser=Client(enforce_csrf_checks=True, raise_request_exception=False),
    )


def test_nobody_gets_anything_without_signing_in() -> None:
    world, deviations = empty_world(Principal()), []
    for name, entry in TABLE.items():
        if entry.query == "consent":  # there is no client to consent to
            entry = replace(entry, judge=lambda _: Outcome.REFUSED)  # noqa: PLW2901  # of this pass
        for method in (*READS, *UNSAFE):
            answer = ask(
                world,
                Principal(),
                route=ROUTES[name],
                entry=entry,
                method=method,
                with_csrf=True,
            )
            right = outcome_of(entry, Principal(), method=method, with_csrf=True)
            if answer.outcome != right or answer.written:
                deviations.append((name, method, answer, right))

    assert deviations == []
    assert not User.objects.exists()


def test_the_first_administrator_meets_no_error() -> None:
    root = person(make_user("root", is_superuser=True, enabled=False), token="")
    world = empty_world(root)

    broken = [
        (name, method, outcome)
        for name, entry in TABLE.items()
        for method in ("GET", "POST")
        for outcome in [
            ask(
                world,
                root,
                route=ROUTES[name],
                entry=entry,
                method=method,
                with_csrf=True,
            ).outcome
        ]
        if not isinstance(outcome, Outcome)
    ]

    assert broken == []
