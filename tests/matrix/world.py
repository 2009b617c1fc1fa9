"""What the matrix is about: people, their tokens and one thing of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import PropertyMock, patch

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http.cookie import SimpleCookie
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse

from agent_connector.models import Connection, ToolCall
from panel.shop.models import Coupon, Product
from tests.authorization import authorize_url
from tests.factories import (
    NOON,
    allow_personal_tokens,
    make_client,
    make_connection,
    make_user,
)
from tests.matrix.principals import Principal, make_principals
from tests.matrix.table import Entry, Outcome
from tests.panel.shop import make_order, make_product

CSRF = "c" * 32
_WRITE = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO) "?(\w+)', re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Ready to be asked."""

    principals: dict[str, Principal]
    things: dict[str, object]
    consent: str
    browser: Client


def make_world() -> World:
    allow_personal_tokens()
    victim = make_user("matrix-victim")
    connected, _ = make_connection(victim)
    order = make_order(lines=((1, "5.00"),))
    product = make_product(status=Product.Status.DRAFT)
    return World(
        principals=make_principals(),
        things={
            "victim": victim.pk,
            "connection": connected.public_id,
            "entered": make_client(
                "Reports", kind="manual", auth_method="client_secret_post"
            ).pk,
            "client": connected.client_id,
            "call": ToolCall.objects.create(**_call(connected)).pk,
            "user": victim.pk,
            "group": Group.objects.create(name="Matrix").pk,
            "category": product.category.pk,
            "coupon": Coupon.objects.create(**_coupon()).pk,
            "customer": order.customer.pk,
            "order": order.pk,
            "product": product.pk,
            "number": 1,
            "app": "shop",
            "nowhere": "no/such/page/",
        },
        consent=authorize_url(make_client()).partition("?")[2],
        browser=Client(enforce_csrf_checks=True, raise_request_exception=False),
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and which tables were written to."""

    outcome: Outcome | str
    written: frozenset[str]


def ask(
    world: World,
    principal: Principal,
    *,
    route: str,
    entry: Entry,
    method: str,
    with_csrf: bool,
) -> Answer:
    """Send one request with all that the principal has; undo whatever it did."""
    browser = world.browser
    browser.cookies = SimpleCookie({settings.CSRF_COOKIE_NAME: CSRF})
    if principal.cookie:
        browser.cookies[settings.SESSION_COOKIE_NAME] = principal.cookie
    headers = {"accept": "application/json, text/event-stream, text/html"}
    if principal.token:
        headers["authorization"] = f"Bearer {principal.token}"
    if with_csrf:
        headers["X-CSRFToken"] = CSRF
    with _undone(), _writes() as written, _rendered_if(method == "GET"):
        response = browser.generic(
            method,
            address_of(route, entry, things=world.things),
            entry.body if method == "POST" else "",
            content_type="application/json",
            headers=headers,
            QUERY_STRING=world.consent if entry.query == "consent" else entry.query,
        )
    return Answer(_outcome(response), frozenset(written))


def address_of(route: str, entry: Entry, *, things: dict[str, object]) -> str:
    """Return the route with its parts filled in."""
    path = route
    for part, thing in entry.arguments:
        value = str(things[thing])
        path = re.sub(rf"<(?:\w+:)?{part}>|\^?\(\?P<{part}>.*\)(?=/?\$)", value, path)
    return "/" + path.rstrip("$")


def _outcome(response: Any) -> Outcome | str:
    """Return the outcome; an answer that none stands for is told as it is."""
    status = response.status_code
    exact = {
        401: Outcome.UNAUTHORIZED,
        403: Outcome.FORBIDDEN,
        404: Outcome.MISSING,
        405: Outcome.NOT_ALLOWED,
    }
    if status in exact:
        return exact[status]
    if status in {301, 302}:
        to = response.headers["Location"].partition("?")[0]
        places = {reverse("admin:login"): Outcome.LOGIN}
        places[reverse("admin:index")] = Outcome.INDEX
        return places.get(to, Outcome.SERVED)
    if 200 <= status < 300:
        return Outcome.SERVED
    return Outcome.REFUSED if 400 <= status < 500 else f"{status} {response.headers}"


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _rendered_if(is_looked_at: bool) -> Iterator[None]:  # noqa: FBT001  # a condition
    """Leave pages blank that no test looks at: drawing them takes most of the time."""
    if is_looked_at:
        yield
        return
    blank = PropertyMock(return_value="")
    with patch.object(SimpleTemplateResponse, "rendered_content", blank):
        yield


@contextmanager
def _writes() -> Iterator[set[str]]:
    """Collect the tables that are written to."""
    tables: set[str] = set()

    def note(execute: Any, sql: Any, *rest: Any) -> Any:
        tables.update(_WRITE.findall(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield tables


def _call(connected: Connection) -> dict[str, Any]:
    return {
        "at": NOON,
        "connection": connected,
        "user": connected.user,
        "tool": "whoami",
        "outcome": ToolCall.Outcome.DONE,
        "duration": timedelta(0),
    }


def _coupon() -> dict[str, Any]:
    return {"code": "MATRIX", "percent": 10, "valid_from": NOON}
