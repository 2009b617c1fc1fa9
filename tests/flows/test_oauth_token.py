"""Attacks 49 to 65: a code is exchanged by its client, once."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.connections.access import disable_access
from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import AuthorizationCode, Client, Connection, Event, Token
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.authorization import (
    FORM,
    TOKEN,
    answer_in,
    ask_refresh,
    ask_token,
    authorize_url,
    decide,
    post_form,
)
from tests.factories import (
    REDIRECT_URI,
    VERIFIER,
    make_admin,
    make_client,
    make_code,
    make_connection,
    make_user,
)
from tests.statements import statements

pytestmark = pytest.mark.django_db


def assert_error(response: Any, error: str, status: int = 400) -> None:
    assert response.status_code == status
    assert response.json()["error"] == error
    assert response.json()["error_description"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pragma"] == "no-cache"


def works(access: str) -> bool:
    caller = verify_access_token(
        access, resource=resource_url(), now=timezone.now(), address=None
    )
    return isinstance(caller, Caller)


@pytest.fixture
def user() -> User:
    return make_user("jane")


@pytest.fixture
def program() -> Client:
    return make_client("Codex")


def test_from_consent_to_a_working_token(
    client: Browser, user: User, program: Client
) -> None:
    client.force_login(user)
    answer = answer_in(decide(client, authorize_url(program), level="read"))

    response = ask_token(
        Browser(),
        client_id=program.client_id,
        code=answer["code"],
        resource=resource_url(),
    )

    tokens = response.json()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pragma"] == "no-cache"
    assert tokens.keys() == {
        *("access_token", "token_type", "expires_in", "refresh_token", "scope"),
    }
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "read")
    assert tokens["expires_in"] == 3600
    assert works(tokens["access_token"])
    assert Connection.objects.get().exchanged_at


@pytest.mark.spec("attacks", "49")
def test_a_wrong_verifier_burns_the_code(
    client: Browser, user: User, program: Client
) -> None:
    fields = {"client_id": program.client_id, "code": make_code(user, program)}

    wrong = ask_token(client, **fields, code_verifier="x" * 43)
    right = ask_token(client, **fields)

    assert_error(wrong, "invalid_grant")
    assert_error(right, "invalid_grant")
    assert not Token.objects.exists()


@pytest.mark.spec("attacks", "49")
def test_a_missing_verifier_is_a_bad_request(
    client: Browser, user: User, program: Client
) -> None:
    fields = {"client_id": program.client_id, "code": make_code(user, program)}

    assert_error(ask_token(client, **fields, code_verifier=None), "invalid_request")
    assert ask_token(client, **fields).status_code == 200


@pytest.mark.spec("attacks", "50 and 63")
def test_a_foreign_code_looks_like_an_unknown_one(
    client: Browser, user: User, program: Client
) -> None:
    code = make_code(user, program)

    foreign = ask_token(client, client_id=make_client().client_id, code=code)
    unknown = ask_token(client, client_id=program.client_id, code="acc_unknown")

    assert_error(foreign, "invalid_grant")
    assert foreign.content == unknown.content


@pytest.mark.spec("attacks", "50")
def test_another_redirect_uri_is_refused(
    client: Browser, user: User, program: Client
) -> None:
    fields = {"client_id": program.client_id, "code": make_code(user, program)}

    assert_error(
        ask_token(client, **fields, redirect_uri=REDIRECT_URI + "/"), "invalid_grant"
    )
    assert_error(ask_token(client, **fields, redirect_uri=None), "invalid_request")


@pytest.mark.spec("attacks", "50")
def test_a_code_lives_for_a_minute(
    client: Browser, user: User, program: Client
) -> None:
    code = make_code(user, program, now=timezone.now() - timedelta(seconds=61))

    assert_error(
        ask_token(client, client_id=program.client_id, code=code), "invalid_grant"
    )


@pytest.mark.spec("attacks", "51")
def test_a_replayed_code_ends_the_connection(
    client: Browser, user: User, program: Client
) -> None:
    fields = {"client_id": program.client_id, "code": make_code(user, program)}
    first = ask_token(client, **fields).json()
    assert works(first["access_token"])

    replay = ask_token(client, **fields)

    assert_error(replay, "invalid_grant")
    assert not works(first["access_token"])
    assert_error(
        ask_refresh(
            client, client_id=program.client_id, refresh_token=first["refresh_token"]
        ),
        "invalid_grant",
    )
    assert Connection.objects.get().revoked_reason == "code_replay"
    assert Event.objects.filter(kind=Event.Kind.CODE_REPLAYED).exists()


@pytest.mark.spec("attacks", "51")
def test_a_replay_by_somebody_without_the_verifier_ends_nothing(
    client: Browser, user: User, program: Client
) -> None:
    fields = {"client_id": program.client_id, "code": make_code(user, program)}
    first = ask_token(client, **fields).json()

    assert_error(ask_token(client, **fields, code_verifier="x" * 43), "invalid_grant")

    assert works(first["access_token"])


@pytest.mark.spec("attacks", "53")
def test_tokens_are_no_codes(client: Browser, user: User, program: Client) -> None:
    _, pair = make_connection(user, program)

    for text in (pair.access, pair.refresh):
        assert_error(
            ask_token(client, client_id=program.client_id, code=text), "invalid_grant"
        )


@pytest.mark.spec("attacks", "54 and 65")
def test_an_unknown_client_is_401_without_a_challenge(client: Browser) -> None:
    response = ask_token(client, client_id="unknown", code="x")

    assert_error(response, "invalid_client", 401)
    assert "WWW-Authenticate" not in response.headers


@pytest.mark.spec("attacks", "54")
def test_a_public_client_that_sends_a_secret_is_refused(
    client: Browser, user: User, program: Client
) -> None:
    fields = {"client_id": program.client_id, "code": make_code(user, program)}

    assert_error(ask_token(client, **fields, client_secret="s"), "invalid_client", 401)
    assert ask_token(client, **fields).status_code == 200


@pytest.mark.spec("attacks", "55 and 56")
@pytest.mark.parametrize(
    ("header", "more", "error", "status"),
    [
        ("Basic " + base64.b64encode(b"a:b").decode(), {}, "invalid_client", 401),
        ("Basic !!!", {}, "invalid_client", 401),
        ("basic /w==", {}, "invalid_client", 401),
        ("Basic YTpi", {"client_secret": "s"}, "invalid_request", 400),
    ],
)
def test_basic_authentication_is_refused_in_its_own_way(
    client: Browser, header: str, more: dict[str, str], error: str, status: int
) -> None:
    fields = {"grant_type": "refresh_token", "refresh_token": "x", **more}
    program = Browser(headers={"authorization": header})

    response = post_form(program, TOKEN, **fields)

    assert_error(response, error, status)
    assert ("WWW-Authenticate" in response.headers) is (status == 401)


@pytest.mark.spec("attacks", "57")
@pytest.mark.parametrize(
    "name", ["code", "client_id", "grant_type", "code_verifier", "resource"]
)
def test_a_repeated_parameter_is_refused(
    client: Browser, user: User, program: Client, name: str
) -> None:
    body = (
        f"grant_type=authorization_code&client_id={program.client_id}"
        f"&code={make_code(user, program)}&redirect_uri={REDIRECT_URI}"
        f"&code_verifier={VERIFIER}&resource={resource_url()}&{name}=x"
    )

    response = client.post(TOKEN, body, content_type=FORM)

    assert_error(response, "invalid_request")
    assert AuthorizationCode.objects.get().used_at is None


@pytest.mark.spec("attacks", "58")
def test_parameters_count_in_a_form_body_only(
    client: Browser, user: User, program: Client
) -> None:
    fields = {
        "grant_type": "authorization_code",
        "client_id": program.client_id,
        "code": make_code(user, program),
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    }

    assert_error(client.get(TOKEN, fields), "invalid_request", 405)
    assert_error(client.post(TOKEN, fields), "invalid_request", 415)
    assert_error(
        client.post(TOKEN, json.dumps(fields), content_type="application/json"),
        "invalid_request",
        415,
    )
    in_query = client.post(TOKEN, b"", content_type=FORM, query_params=fields)
    assert_error(in_query, "invalid_request")
    assert post_form(client, TOKEN, **fields).status_code == 200


@pytest.mark.parametrize("body", [b"&", b"\xff", b"=&=&", b"%", b"grant_type=%ff"])
def test_junk_is_a_bad_request(client: Browser, body: bytes) -> None:
    response = client.generic("POST", TOKEN, body, content_type=FORM)

    assert_error(response, "invalid_request")


def test_a_large_body_is_refused(client: Browser) -> None:
    assert_error(post_form(client, TOKEN, code="x" * 17_000), "invalid_request", 413)


@pytest.mark.spec("attacks", "59")
@pytest.mark.parametrize("grant_type", ["password", "client_credentials", "implicit"])
def test_other_grant_types_are_not_supported(client: Browser, grant_type: str) -> None:
    response = post_form(
        client, TOKEN, grant_type=grant_type, username="admin", password="demo"
    )

    assert_error(response, "unsupported_grant_type")


@pytest.mark.spec("attacks", "60")
def test_a_foreign_resource_is_refused(
    client: Browser, user: User, program: Client
) -> None:
    fields = {"client_id": program.client_id, "code": make_code(user, program)}

    response = ask_token(client, **fields, resource="https://evil.example/mcp")

    assert_error(response, "invalid_target")


@pytest.mark.spec("attacks", "62")
def test_a_user_who_was_disabled_meanwhile_gets_nothing(
    client: Browser, user: User, program: Client
) -> None:
    code = make_code(user, program)
    disable_access([user.pk], actor=make_admin(), now=timezone.now())

    assert_error(
        ask_token(client, client_id=program.client_id, code=code), "invalid_grant"
    )
    assert not Token.objects.exists()


@pytest.mark.spec("attacks", "64")
def test_junk_as_a_code_costs_no_question_for_it(
    client: Browser, program: Client
) -> None:
    with statements() as seen:
        ask_token(client, client_id=program.client_id, code="acc_" + "x" * 46)

    assert not any("authorizationcode" in sql for sql in seen)


@pytest.mark.spec("attacks", "105")
def test_near_the_end_of_the_connection_the_token_is_shorter(
    client: Browser, user: User, program: Client, settings: Any
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "CONNECTION_LIFETIME": timedelta(seconds=90),
    }
    code = make_code(user, program)

    answer = ask_token(client, client_id=program.client_id, code=code).json()

    assert 80 <= answer["expires_in"] <= 90


@pytest.mark.spec("L1")
def test_refused_codes_are_limited_per_client_and_address(
    client: Browser, user: User, program: Client
) -> None:
    code = mint_secret(Prefix.CODE)
    wrong = {"client_id": program.client_id, "code": code}

    refused = [ask_token(client, **wrong).status_code for _ in range(21)]
    stopped = ask_token(client, **wrong)
    fields = {"client_id": program.client_id, "code": make_code(user, program)}
    right = ask_token(client, **fields)

    assert refused == [400] * 20 + [429]
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 60
    assert right.status_code == 200
    elsewhere = Browser(REMOTE_ADDR="192.0.2.8")
    assert ask_token(elsewhere, **wrong).status_code == 400


def test_an_exchange_and_a_refresh_cost_six_statements(
    client: Browser, user: User, program: Client
) -> None:
    """The first exchange of a client writes one row more, once: its registration."""
    Client.objects.update(first_used_at=program.created_at)
    code = make_code(user, program)

    with statements() as exchanging:
        answer = ask_token(client, client_id=program.client_id, code=code)
    refresh = answer.json()["refresh_token"]
    with statements() as refreshing:
        ask_refresh(client, client_id=program.client_id, refresh_token=refresh)

    assert len(exchanging) <= 6, exchanging
    assert len(refreshing) <= 6, refreshing
