"""What arrives is told to this site alone, and kept by no cache."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from pytest_django import Settings

from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.policy.arrival import (
    HEADER,
    arrival_headers,
    fresh_question,
    read_arrival,
)
from tests.statements import statements

NAME = "HTTP_X_AGENT_CONNECTOR_DOCTOR"


def told(question: str, **meta: Any) -> dict[str, str]:
    return arrival_headers({NAME: question, **meta}, scheme="http")


def test_who_can_sign_is_told_what_arrived() -> None:
    question = fresh_question()

    headers = told(
        question,
        HTTP_HOST="example.com",
        HTTP_AUTHORIZATION="Bearer x",
        REMOTE_ADDR="192.0.2.7",
        REMOTE_PORT=4711,
    )

    assert headers["Cache-Control"] == "no-store"
    arrival = read_arrival(headers[HEADER], question=question)
    assert arrival is not None
    assert (arrival.host, arrival.scheme) == ("example.com", "http")
    assert (arrival.peer, arrival.peer_port) == ("192.0.2.7", "4711")
    assert arrival.address == "192.0.2.7"
    assert arrival.has_authorization


@pytest.mark.parametrize(
    "question",
    [
        "",
        "x",
        "a:b:c",
        pytest.param(TimestampSigner(key="another").sign("a"), id="another key"),
    ],
)
def test_nobody_else_is_told_anything(question: str) -> None:
    assert told(question) == {}


def test_a_signature_for_something_else_does_not_count() -> None:
    assert told(TimestampSigner(salt="elsewhere").sign("a")) == {}


def test_an_old_question_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    question = fresh_question()
    assert told(question)

    monkeypatch.setattr(
        "agent_connector.policy.arrival._LIFETIME", timedelta(seconds=-1)
    )

    assert told(question) == {}


def test_the_answer_to_another_question_is_none() -> None:
    headers = told(fresh_question())

    assert read_arrival(headers[HEADER], question=fresh_question()) is None


@pytest.mark.parametrize("text", ["", "%%%", "bm8=", "W10=", "e30=", "ä"])
def test_what_is_no_answer_is_none(text: str) -> None:
    assert read_arrival(text, question="a") is None


def test_what_is_sent_is_shortened_and_no_secret_comes_back() -> None:
    secret = mint_secret(Prefix.ACCESS)
    question = fresh_question()

    headers = told(
        question, HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_HOST="h" * 9000
    )

    arrival = read_arrival(headers[HEADER], question=question)
    assert arrival is not None
    assert len(arrival.host) == 200
    assert secret not in repr(arrival)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/mcp"),
        ("GET", "/.well-known/oauth-authorization-server"),
        ("GET", "/.well-known/oauth-protected-resource/mcp"),
        ("POST", "/mcp/oauth/token"),
    ],
)
def test_every_machine_endpoint_answers(method: str, path: str) -> None:
    question = fresh_question()

    asked = Client().generic(method, path, headers={HEADER: question})
    unasked = Client().generic(method, path)

    assert read_arrival(asked.headers[HEADER], question=question) is not None
    assert asked.headers["Cache-Control"] == "no-store"
    assert HEADER not in unasked.headers


@pytest.mark.django_db
def test_it_costs_no_statement() -> None:
    with statements() as asked:
        Client().post("/mcp", headers={HEADER: fresh_question()})

    assert asked == []


def test_a_forwarded_address_is_that_which_the_site_believes(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {"TRUSTED_PROXIES": 1}
    question = fresh_question()
    headers = told(
        question, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.1, 192.0.2.9"
    )

    arrival = read_arrival(headers[HEADER], question=question)

    assert arrival is not None
    assert arrival.address == "192.0.2.9"


def test_an_answer_that_another_key_has_signed_is_none(settings: Settings) -> None:
    question = fresh_question()
    text = told(question)[HEADER]

    settings.SECRET_KEY = "another key, of somebody who plays this site"

    assert read_arrival(text, question=question) is None
