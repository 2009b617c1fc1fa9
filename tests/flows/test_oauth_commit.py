"""What a refusal ended stays ended, whatever the host project does with transactions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connections, transaction
from django.test import Client as Browser
from django.test import RequestFactory

from agent_connector.models import AuthorizationCode, Client, Connection, Token
from agent_connector.oauth.views.token import token
from tests.authorization import (
    FORM,
    REGISTER,
    REVOKE,
    TOKEN,
    answer_in,
    ask_refresh,
    ask_token,
    authorize_url,
    decide,
    post_form,
)
from tests.factories import make_client, make_code, make_connection, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[True, False], ids=["atomic requests", "autocommit"])
def _requests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        connections.settings["default"], "ATOMIC_REQUESTS", request.param
    )


@pytest.mark.spec("attacks", "69")
@pytest.mark.usefixtures("_requests")
def test_a_reused_refresh_token_ends_the_connection_for_good(client: Browser) -> None:
    program = make_client()
    _, pair = make_connection(make_user(), program)
    fields = {"client_id": program.client_id, "refresh_token": pair.refresh}
    second = ask_refresh(client, **fields).json()["refresh_token"]
    ask_refresh(client, **{**fields, "refresh_token": second})

    answer = ask_refresh(client, **fields)

    assert answer.status_code == 400
    assert Connection.objects.get().revoked_reason == "reuse"


@pytest.mark.spec("attacks", "51")
@pytest.mark.usefixtures("_requests")
def test_a_replayed_code_ends_the_connection_for_good(client: Browser) -> None:
    program = make_client()
    fields = {"client_id": program.client_id, "code": make_code(make_user(), program)}

    answers = [ask_token(client, **fields).status_code for _ in range(2)]

    assert answers == [200, 400]
    assert Connection.objects.get().revoked_reason == "code_replay"


@pytest.mark.spec("attacks", "49")
@pytest.mark.usefixtures("_requests")
def test_a_wrong_verifier_burns_the_code_for_good(client: Browser) -> None:
    program = make_client()
    code = make_code(make_user(), program)

    ask_token(client, client_id=program.client_id, code=code, code_verifier="x" * 43)

    assert AuthorizationCode.objects.get().used_at is not None


@pytest.mark.usefixtures("_requests")
def test_a_consent_is_there_when_its_code_is(client: Browser) -> None:
    client.force_login(make_user())
    program = make_client()
    answer = answer_in(decide(client, authorize_url(program), level="read"))

    response = ask_token(client, client_id=program.client_id, code=answer["code"])

    assert response.status_code == 200


def test_even_inside_the_hosts_own_transaction_a_reuse_ends_the_connection() -> None:
    program = make_client()
    _, pair = make_connection(make_user(), program)
    fields = {"grant_type": "refresh_token", "client_id": program.client_id}
    second = json.loads(_token_in_a_transaction(fields, pair.refresh))

    _token_in_a_transaction(fields, second["refresh_token"])
    _token_in_a_transaction(fields, pair.refresh)

    assert Connection.objects.get().revoked_reason == "reuse"


def _token_in_a_transaction(fields: dict[str, str], text: str) -> bytes:
    body = urlencode({**fields, "refresh_token": text})
    with transaction.atomic():
        return token(RequestFactory().post(TOKEN, body, content_type=FORM)).content


def test_a_registration_in_database_trouble_is_to_be_tried_again(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client.objects, "create", locked)

    response = client.post(
        REGISTER,
        b'{"redirect_uris": ["http://127.0.0.1/"]}',
        content_type="application/json",
    )

    assert_busy(response)
    assert not Client.objects.exists()


def locked(*_: Any, **__: Any) -> None:
    raise OperationalError("database is locked")


def assert_busy(response: Any) -> None:
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json()["error"] == "temporarily_unavailable"


@pytest.mark.usefixtures("_requests")
def test_a_locked_database_costs_the_client_no_token(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make_client()
    _, pair = make_connection(make_user(), program)
    fields = {"client_id": program.client_id, "refresh_token": pair.refresh}

    with monkeypatch.context() as patch:
        patch.setattr("agent_connector.connections.rotate.issue_pair", locked)
        assert_busy(ask_refresh(client, **fields))

    assert Token.objects.count() == 2
    assert ask_refresh(client, **fields).status_code == 200


@pytest.mark.parametrize(
    ("place", "ask"),
    [
        ("exchange.redeem_code", ask_token),
        ("revocation.revoke_connection", None),
    ],
)
def test_a_database_that_does_not_answer_is_a_503(
    client: Browser,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    ask: Callable[..., Any] | None,
) -> None:
    program = make_client()
    _, pair = make_connection(make_user(), program)
    code = make_code(make_user(), program)
    monkeypatch.setattr(f"agent_connector.oauth.{place}", locked)

    if ask is None:
        response = post_form(client, REVOKE, token=pair.access)
    else:
        response = ask(client, client_id=program.client_id, code=code)

    assert_busy(response)
