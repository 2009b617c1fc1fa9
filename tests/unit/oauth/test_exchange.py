"""A code or a refresh token, exchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent_connector.connections.issue import TokenPair
from agent_connector.models import AuthorizationCode, Client, Connection, Token
from agent_connector.oauth.errors import (
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    InvalidTarget,
    UnsupportedGrantType,
)
from agent_connector.oauth.exchange import description_of, exchange
from agent_connector.oauth.form import Form
from agent_connector.policy.site import resource_url
from tests.factories import (
    NOON,
    REDIRECT_URI,
    VERIFIER,
    make_client,
    make_code,
    make_connection,
    make_user,
)

pytestmark = pytest.mark.django_db


def exchange_for(client: Client, values: dict[str, str]) -> TokenPair:
    return exchange(
        Form(values=values, faults={}),
        client=client,
        resource=resource_url(),
        now=NOON,
        address=None,
    )


def redeem(client: Client, text: str, **changes: str) -> TokenPair:
    fields = {
        "grant_type": "authorization_code",
        "code": text,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        **changes,
    }
    given = {name: value for name, value in fields.items() if value}
    return exchange_for(client, given)


def refresh(client: Client, text: str, **fields: str) -> TokenPair:
    values = {"grant_type": "refresh_token", "refresh_token": text, **fields}
    return exchange_for(client, values)


def code_unused() -> bool:
    return AuthorizationCode.objects.get().used_at is None


def test_a_code_is_exchanged_for_a_pair() -> None:
    client = make_client()

    pair = redeem(client, make_code(make_user(), client, now=NOON))

    assert description_of(pair) == {
        "access_token": pair.access,
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": pair.refresh,
        "scope": "read write",
    }


@pytest.mark.spec("attacks", "105")
def test_an_access_token_never_expires_in_negative_seconds() -> None:
    client = make_client()
    pair = redeem(client, make_code(make_user(), client, now=NOON))

    late = replace(pair, expires_in=timedelta(seconds=-1))

    assert description_of(late)["expires_in"] == 0


@pytest.mark.parametrize("name", ["code", "redirect_uri", "code_verifier"])
def test_a_missing_field_costs_nothing(name: str) -> None:
    client = make_client()
    code = make_code(make_user(), client, now=NOON)

    with pytest.raises(InvalidRequest, match=name):
        redeem(client, code, **{name: ""})

    assert code_unused()


@pytest.mark.spec("attacks", "49")
@pytest.mark.parametrize("verifier", [VERIFIER[::-1], "short", VERIFIER + "x"])
def test_a_wrong_verifier_burns_the_code(verifier: str) -> None:
    client = make_client()
    code = make_code(make_user(), client, now=NOON)

    with pytest.raises(InvalidGrant, match="code_verifier"):
        redeem(client, code, code_verifier=verifier)

    assert not code_unused()
    with pytest.raises(InvalidGrant):
        redeem(client, code)
    assert not Token.objects.exists()


@pytest.mark.spec("attacks", "50")
def test_another_clients_code_is_as_good_as_unknown_and_stays_usable() -> None:
    client = make_client()
    code = make_code(make_user(), client, now=NOON)

    with pytest.raises(InvalidGrant) as foreign:
        redeem(make_client(), code)
    with pytest.raises(InvalidGrant) as unknown:
        redeem(client, code[:-1] + ("0" if code[-1] != "0" else "1"))

    assert foreign.value.detail == unknown.value.detail
    redeem(client, code)  # still counts


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "http://127.0.0.1:1/callback"}, InvalidGrant),
        ({"resource": "https://evil.example/mcp"}, InvalidTarget),
    ],
)
def test_a_code_holds_only_for_the_facts_of_its_request(
    changes: dict[str, str], error: type[Exception]
) -> None:
    client = make_client()
    code = make_code(make_user(), client, now=NOON)

    with pytest.raises(error):
        redeem(client, code, **changes)

    assert code_unused()
    redeem(client, code, resource=resource_url())  # still counts


@pytest.mark.spec("attacks", "53")
def test_secrets_of_one_kind_do_not_pass_as_another() -> None:
    client = make_client()
    user = make_user()
    code = make_code(user, client, now=NOON)
    _, pair = make_connection(user, make_client(), now=NOON)

    for text in (pair.access, pair.refresh):
        with pytest.raises(InvalidGrant):
            redeem(client, text)
    for text in (pair.access, code):
        with pytest.raises(InvalidGrant):
            refresh(client, text)


@pytest.mark.parametrize("scope", ["", "read write", "write read offline_access"])
def test_a_refresh_may_repeat_the_granted_scopes(scope: str) -> None:
    client = make_client()
    _, pair = make_connection(make_user(), client, level="write", now=NOON)

    assert refresh(client, pair.refresh, scope=scope).scope == "read write"


@pytest.mark.spec("attacks", "72")
def test_a_refresh_may_narrow_but_not_widen() -> None:
    client = make_client()
    _, pair = make_connection(make_user(), client, level="write", now=NOON)

    with pytest.raises(InvalidScope):
        refresh(client, pair.refresh, scope="read write delete")
    with pytest.raises(InvalidScope):
        refresh(client, pair.refresh, scope="read openid")

    narrow = refresh(client, pair.refresh, scope="read")
    assert narrow.scope == "read"
    assert refresh(client, narrow.refresh).scope == "read write"


def test_a_foreign_resource_does_not_spend_the_refresh_token() -> None:
    client = make_client()
    _, pair = make_connection(make_user(), client, now=NOON)

    with pytest.raises(InvalidTarget):
        refresh(client, pair.refresh, resource="https://evil.example/mcp")

    refresh(client, pair.refresh, resource=resource_url())  # still counts


@pytest.mark.spec("attacks", "71")
def test_another_clients_refresh_token_leaves_the_connection_alone() -> None:
    client = make_client()
    connection, pair = make_connection(make_user(), client, now=NOON)

    with pytest.raises(InvalidGrant):
        refresh(make_client(), pair.refresh)

    connection.refresh_from_db()
    assert connection.revoked_at is None
    refresh(client, pair.refresh)  # still counts


def test_a_refusal_says_why_so_that_people_know_whom_to_ask() -> None:
    client = make_client()
    connection, pair = make_connection(make_user(), client, now=NOON)
    Connection.objects.filter(pk=connection.pk).update(
        revoked_at=NOON, revoked_by=make_user("ädmin"), revoked_reason="admin"
    )

    with pytest.raises(InvalidGrant) as refused:
        refresh(client, pair.refresh)

    assert refused.value.detail == "Revoked by ?dmin at 2026-03-02 12:00 UTC."


@pytest.mark.spec("attacks", "59")
@pytest.mark.parametrize(
    "grant_type",
    [
        "password",
        "client_credentials",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "Authorization_Code",
    ],
)
def test_other_grant_types_are_not_supported(grant_type: str) -> None:
    with pytest.raises(UnsupportedGrantType):
        exchange_for(make_client(), {"grant_type": grant_type})


def test_an_answer_is_made_of_values_that_json_knows() -> None:
    client = make_client()
    pair = redeem(client, make_code(make_user(), client, now=NOON))
    description: dict[str, Any] = description_of(pair)

    assert {type(value) for value in description.values()} == {str, int}
