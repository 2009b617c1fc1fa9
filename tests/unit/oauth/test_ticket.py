"""The one-time ticket of a consent page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore

from agent_connector.models import Client
from agent_connector.oauth.request import AuthorizationRequest
from agent_connector.oauth.ticket import (
    LIFETIME,
    MAX_OPEN,
    connection_id_of,
    issue_ticket,
    spend_ticket,
)
from agent_connector.policy.scopes import Scope
from tests.factories import CHALLENGE, NOON, REDIRECT_URI

REQUEST = AuthorizationRequest(
    client=Client(client_id="one"),
    redirect_uri=REDIRECT_URI,
    state="xyz",
    challenge=CHALLENGE,
    level=Scope.WRITE,
    resource="https://example.com/mcp",
)


def issue(session: SessionStore) -> str:
    return issue_ticket(session, REQUEST, user_pk=1, now=NOON)


def spend(session: SessionStore, ticket: str, **changes: Any) -> bool:
    now, user_pk = changes.pop("now", NOON), changes.pop("user_pk", 1)
    request = replace(REQUEST, **changes)
    return spend_ticket(session, ticket, request, user_pk=user_pk, now=now)


def test_a_ticket_counts_once() -> None:
    session = SessionStore()
    ticket = issue(session)

    assert spend(session, ticket)
    assert not spend(session, ticket)


def test_another_session_does_not_know_it() -> None:
    assert not spend(SessionStore(), issue(SessionStore()))


@pytest.mark.spec("attacks", "38")
@pytest.mark.parametrize(
    "changes",
    [
        {"client": Client(client_id="two")},
        {"redirect_uri": "http://127.0.0.1:1/callback"},
        {"state": "other"},
        {"state": ""},
        {"challenge": CHALLENGE[::-1]},
        {"level": Scope.DELETE},
        {"resource": "https://example.com/other"},
        {"user_pk": 2},
    ],
)
def test_a_ticket_of_other_facts_is_refused_and_spent(changes: dict[str, Any]) -> None:
    session = SessionStore()
    ticket = issue(session)

    assert not spend(session, ticket, **changes)
    assert not spend(session, ticket)


def test_a_ticket_expires() -> None:
    session = SessionStore()

    assert spend(session, issue(session), now=NOON + LIFETIME - timedelta(seconds=1))
    assert not spend(session, issue(session), now=NOON + LIFETIME)


@pytest.mark.spec("attacks", "48")
def test_each_tab_has_its_own() -> None:
    session = SessionStore()
    one, other = issue(session), issue(session)

    assert spend(session, other)
    assert spend(session, one)


def test_the_session_holds_no_ticket_text_and_not_more_than_ten() -> None:
    session = SessionStore()
    tickets = [issue(session) for _ in range(MAX_OPEN + 1)]

    assert not any(ticket in json.dumps(dict(session.items())) for ticket in tickets)
    assert not spend(session, tickets[0])
    assert all(spend(session, ticket) for ticket in tickets[1:])


@pytest.mark.parametrize("ticket", ["", "x", "\ud800", "ä"])
def test_junk_is_refused(ticket: str) -> None:
    session = SessionStore()
    issue(session)

    assert not spend(session, ticket)


def test_a_ticket_names_one_connection() -> None:
    assert connection_id_of("a") == connection_id_of("a")
    assert connection_id_of("a") != connection_id_of("b")
    assert connection_id_of("\ud800") == connection_id_of("\ud800")
