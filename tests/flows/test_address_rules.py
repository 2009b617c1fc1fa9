"""Address rules stand before the switch and the token, at every door of clients."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client as Browser

from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.models import (
    AuthorizationCode,
    Client,
    Connection,
    ConnectorSettings,
    Event,
    Throttle,
)
from agent_connector.oauth.views import machine
from tests.authorization import authorize_url, post_form
from tests.factories import make_admin, make_client, make_code, make_connection
from tests.statements import statements
from tests.wire import access_token, json_of, send

pytestmark = pytest.mark.django_db

OFFICE = "192.0.2.0/24\n2001:db8:7::/48"
INSIDE, OUTSIDE = "192.0.2.9", "203.0.113.9"
SENTENCE = "takes no requests of AI clients from this network address"
MACHINES = [
    ("/mcp/oauth/register", b"{}", "application/json"),
    (
        "/mcp/oauth/token",
        b"grant_type=refresh_token",
        "application/x-www-form-urlencoded",
    ),
    ("/mcp/oauth/token", b"junk", "text/plain"),
    ("/mcp/oauth/revoke", b"token=x", "application/x-www-form-urlencoded"),
]


def set_rules(text: str = OFFICE, **more: Any) -> None:
    ConnectorSettings.objects.update_or_create(
        pk=1, defaults={"allowed_addresses": text, **more}
    )


def come(address: str | None, token: str, **how: Any) -> Any:
    """Send a ping from this address; None: over a unix socket."""
    browser: Any = Browser(REMOTE_ADDR=address or "")
    return browser.post(
        "/mcp",
        b'{"jsonrpc":"2.0","id":1,"method":"ping"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
        **how,
    )


@pytest.mark.parametrize(
    "address", [INSIDE, "2001:db8:7::1", f"::ffff:{INSIDE}"], ids=str
)
def test_from_where_the_rules_allow_all_is_as_without_them(address: str) -> None:
    token = access_token()
    set_rules()

    assert come(address, token).status_code == 200
    assert not Event.objects.filter(kind=Event.Kind.ADDRESS_REFUSED).exists()


def _dead_token() -> str:
    connection, pair = make_connection(make_admin(username=""))
    Connection.objects.filter(pk=connection.pk).update(resource="https://else/mcp")
    return pair.access


@pytest.mark.parametrize("address", [OUTSIDE, "2001:db8:8::1", None], ids=str)
def test_from_elsewhere_no_answer_tells_a_good_token_from_a_bad_one(
    address: str | None,
) -> None:
    tokens = [access_token(), _dead_token(), mint_secret(Prefix.ACCESS)]
    set_rules()

    answers = [come(address, token) for token in tokens]

    assert {one.status_code for one in answers} == {403}
    assert len({one.content for one in answers}) == 1
    assert SENTENCE in json_of(answers[0])["error"]["message"]
    assert not any("WWW-Authenticate" in one.headers for one in answers)
    assert Event.objects.filter(kind=Event.Kind.ADDRESS_REFUSED).count() == 1


def test_the_address_is_judged_with_the_token_in_one_statement() -> None:
    token = access_token()
    set_rules()
    come(INSIDE, token)

    with statements() as inside:
        come(INSIDE, token)
    come(OUTSIDE, token)
    with statements() as outside:
        come(OUTSIDE, token)

    assert len(inside) == 1
    assert [one.startswith("SELECT") for one in outside] == [True, True]


@pytest.mark.parametrize("token", ["", "aca_junk"])
def test_no_token_or_a_malformed_one_gets_401_without_a_statement(token: str) -> None:
    set_rules()

    with statements() as seen:
        answer = send(token, REMOTE_ADDR=OUTSIDE)

    assert answer.status_code == 401
    assert seen == []


@pytest.mark.parametrize("endpoint", ["token", "revoke"])
def test_from_elsewhere_made_up_clients_leave_no_row_for_each_network(
    endpoint: str,
) -> None:
    set_rules()
    guessed = mint_secret(Prefix.REFRESH)
    refresh = {"grant_type": "refresh_token", "refresh_token": guessed}

    for number in range(5):
        program = Browser(REMOTE_ADDR=f"2001:db8:8:{number}::1")
        answer = post_form(
            program,
            f"/mcp/oauth/{endpoint}",
            client_id="made up",
            **({"token": guessed} if endpoint == "revoke" else refresh),
        )
        assert answer.status_code == 403

    scopes = set(Throttle.objects.values_list("scope", flat=True))
    assert scopes <= {Throttle.Scope.ADDRESS_REFUSED}


def test_the_address_comes_before_the_switch() -> None:
    token = access_token()
    set_rules(mcp_server_enabled=False)

    assert come(OUTSIDE, token).status_code == 403
    assert come(INSIDE, token).status_code == 503
    assert Browser(REMOTE_ADDR=OUTSIDE).get("/mcp/oauth/authorize").status_code == 403
    assert Browser(REMOTE_ADDR=INSIDE).get("/mcp/oauth/authorize").status_code == 503


@pytest.mark.parametrize(("path", "body", "content_type"), MACHINES)
def test_from_elsewhere_no_oauth_endpoint_answers_a_program(
    path: str, body: bytes, content_type: str
) -> None:
    set_rules()

    answer = Browser(REMOTE_ADDR=OUTSIDE).generic("POST", path, body, content_type)

    assert answer.status_code == 403
    told = answer.json()
    assert told["error"] == "access_denied"
    assert SENTENCE in told["error_description"]
    assert answer.headers["Cache-Control"] == "no-store"
    event = Event.objects.get(kind=Event.Kind.ADDRESS_REFUSED)
    assert (event.address, event.detail) == (OUTSIDE, path)


def test_a_known_client_from_elsewhere_spends_no_code_and_ends_no_connection() -> None:
    program, user = make_client(), make_admin()
    code = make_code(user, program)
    _, pair = make_connection(user, make_client())
    set_rules()
    away = Browser(REMOTE_ADDR=OUTSIDE)

    asked = post_form(
        away,
        "/mcp/oauth/token",
        grant_type="authorization_code",
        code=code,
        client_id=program.client_id,
        redirect_uri="x",
        code_verifier="y",
    )
    given_back = post_form(away, "/mcp/oauth/revoke", token=pair.refresh)

    assert (asked.status_code, given_back.status_code) == (403, 403)
    assert not AuthorizationCode.objects.filter(
        connection__client=program, used_at__isnull=False
    ).exists()
    assert not Connection.objects.filter(revoked_at__isnull=False).exists()


def test_from_elsewhere_nobody_registers() -> None:
    set_rules()

    Browser(REMOTE_ADDR=OUTSIDE).post(
        "/mcp/oauth/register",
        {"client_name": "X", "redirect_uris": ["http://127.0.0.1/cb"]},
        content_type="application/json",
    )

    assert not Client.objects.exists()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_from_elsewhere_a_person_gets_a_page_that_says_so(method: str) -> None:
    url = authorize_url(make_client())
    browser = Browser(REMOTE_ADDR=OUTSIDE)
    browser.force_login(make_admin())
    set_rules()

    page = browser.generic(method, url)

    assert page.status_code == 403
    assert "from your network address" in page.content.decode()
    assert 'name="ticket"' not in page.content.decode()
    assert Event.objects.get().kind == Event.Kind.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
    ],
)
def test_the_documents_are_for_everybody(path: str) -> None:
    set_rules()

    assert Browser(REMOTE_ADDR=OUTSIDE).get(path).status_code == 200


BROKEN = "192.0.2.0/24\nno network"


def test_rules_that_somebody_broke_by_hand_let_nobody_in_and_break_nothing() -> None:
    token, program = access_token(), make_client()
    set_rules(BROKEN)
    inside = Browser(REMOTE_ADDR=INSIDE)

    answers = [
        come(INSIDE, token),
        come(INSIDE, mint_secret(Prefix.ACCESS)),
        *(inside.generic("POST", path, body, kind) for path, body, kind in MACHINES),
        post_form(
            inside,
            "/mcp/oauth/token",
            grant_type="refresh_token",
            client_id=program.client_id,
            refresh_token=mint_secret(Prefix.REFRESH),
        ),
        inside.get("/mcp/oauth/authorize"),
    ]

    assert [one.status_code for one in answers] == [503] * len(answers)
    assert all(one.headers["Retry-After"] == "60" for one in answers)
    assert not any("WWW-Authenticate" in one.headers for one in answers)


def test_behind_a_proxy_it_is_the_client_that_is_judged(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "TRUSTED_PROXIES": 1}
    token = access_token()
    set_rules()

    inside = come("127.0.0.1", token, HTTP_X_FORWARDED_FOR=f"{OUTSIDE}, {INSIDE}")
    outside = come("127.0.0.1", token, HTTP_X_FORWARDED_FOR=f"{INSIDE}, {OUTSIDE}")

    assert (inside.status_code, outside.status_code) == (200, 403)


def test_what_code_sets_wins_over_the_row(settings: Any) -> None:
    token = access_token()
    set_rules(BROKEN)
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "ALLOWED_ADDRESSES": [INSIDE],
    }

    assert come(INSIDE, token).status_code == 200
    assert come(OUTSIDE, token).status_code == 403


@pytest.mark.parametrize(("path", "body", "content_type"), MACHINES)
def test_a_refusal_that_cannot_be_recorded_is_one_all_the_same(
    monkeypatch: pytest.MonkeyPatch, path: str, body: bytes, content_type: str
) -> None:
    def fail(*_facts: Any, **_options: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(machine, "record_refused_address", fail)
    set_rules()

    answer = Browser(REMOTE_ADDR=OUTSIDE).post(path, body, content_type=content_type)

    assert answer.status_code == 403
    assert answer.json()["error"]
