"""Attacks 49 to 63: codes that are stolen, replayed, guessed or misplaced."""

from __future__ import annotations

import functools

import httpx
import pytest

from tests.attacks.answers import (
    FORM,
    JSON,
    assert_alive,
    assert_cut,
    assert_dead,
    assert_error,
    post_raw,
)
from tests.attacks.conftest import Hire
from tests.factories import REDIRECT_URI, VERIFIER
from tests.http.admin_pages import set_access
from tests.http.hand import digest_of, from_now, run_sql
from tests.http.person import Person
from tests.http.sending import send
from tests.http.server import Site
from tests.http.wire import Registered, Tokens, at_once, post_call, post_token, register

AT_ONCE = 12


@pytest.mark.parametrize(
    ("verifier", "error"),
    [
        ("x" * 43, "invalid_grant"),
        (VERIFIER[:-1] + "l", "invalid_grant"),
        (VERIFIER.lower(), "invalid_grant"),
        ("short", "invalid_grant"),
        (VERIFIER[:42], "invalid_grant"),
        ("x" * 129, "invalid_grant"),
        ("é" * 43, "invalid_grant"),
        ("", "invalid_request"),
    ],
    ids=ascii,
)
def test_49_without_the_right_verifier_there_is_nothing(
    client: Registered, editor: Person, verifier: str, error: str
) -> None:
    code = client.code(editor)

    assert_error(client.exchange(code, code_verifier=verifier), 400, error)

    afterwards = client.exchange(code)
    if error == "invalid_grant":  # the code is burned
        assert_error(afterwards, 400, "invalid_grant")
    else:
        assert afterwards.status_code == httpx.codes.OK


def test_50_a_code_of_another_client_is_refused_and_stays_good(
    site: Site, client: Registered, editor: Person
) -> None:
    code = client.code(editor)

    assert_error(register(site).exchange(code), 400, "invalid_grant")

    assert client.exchange(code).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:33418/other",
        "http://127.0.0.1:40000/callback",
        REDIRECT_URI + "/",
        "https://example.com/",
    ],
)
def test_50_a_code_under_another_redirect_uri_is_refused(
    client: Registered, editor: Person, uri: str
) -> None:
    code = client.code(editor)

    assert_error(client.exchange(code, redirect_uri=uri), 400, "invalid_grant")


def test_50_a_code_of_61_seconds_ago_is_refused(
    site: Site, client: Registered, editor: Person
) -> None:
    fresh, old = client.code(editor), client.code(editor)
    for code, seconds in ((fresh, 30), (old, 61)):
        run_sql(
            site,
            "UPDATE agent_connector_authorizationcode SET expires_at = ?"
            " WHERE digest = ?",
            *(from_now(seconds=60 - seconds), digest_of(code)),
        )

    assert_error(client.exchange(old), 400, "invalid_grant")
    assert client.exchange(fresh).status_code == httpx.codes.OK


def test_51_a_replayed_code_ends_what_it_gave(
    client: Registered, editor: Person
) -> None:
    code = client.code(editor)
    given = client.exchange(code).json()

    assert_error(client.exchange(code), 400, "invalid_grant")

    tokens = Tokens(access=given["access_token"], refresh=given["refresh_token"])
    assert_dead(client, tokens)


def test_51_so_does_one_replayed_after_a_refresh(
    client: Registered, editor: Person
) -> None:
    code = client.code(editor)
    first = client.exchange(code).json()
    second = client.refresh(first["refresh_token"]).json()

    assert_error(client.exchange(code), 400, "invalid_grant")

    tokens = Tokens(access=second["access_token"], refresh=second["refresh_token"])
    assert_dead(client, tokens)


def test_51_a_replay_by_anybody_else_ends_nothing(
    site: Site, client: Registered, editor: Person
) -> None:
    code = client.code(editor)
    given = client.exchange(code).json()

    assert_error(register(site).exchange(code), 400, "invalid_grant")
    assert_error(client.exchange(code, code_verifier="x" * 43), 400, "invalid_grant")

    tokens = Tokens(access=given["access_token"], refresh=given["refresh_token"])
    assert_alive(client, tokens)


def test_52_of_parallel_redemptions_at_most_one_succeeds(
    site: Site, editor: Person
) -> None:
    client = register(site)
    code = client.code(editor)

    answers = at_once(AT_ONCE, functools.partial(client.exchange, code))

    given = [one for one in answers if one.status_code == httpx.codes.OK]
    assert len(given) <= 1
    for refused in (one for one in answers if one not in given):
        assert_error(refused, 400, "invalid_grant")
    for pair in (one.json() for one in given):  # it was replayed, so it is dead
        assert_cut(site, post_call(site, pair["access_token"]))


def test_53_a_secret_in_the_place_of_another_is_refused(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens, code = client.tokens(editor), client.code(editor)

    for other in (tokens.access, tokens.refresh):
        assert_error(client.exchange(other), 400, "invalid_grant")
    for other in (tokens.access, code):
        assert_error(client.refresh(other), 400, "invalid_grant")
    assert_cut(site, post_call(site, code))
    assert_alive(client, tokens)


@pytest.mark.parametrize(
    "name",
    [
        *("grant_type", "code", "redirect_uri", "code_verifier", "client_id"),
        "resource",
    ],
)
def test_57_a_repeated_parameter_is_refused(
    site: Site, client: Registered, editor: Person, name: str
) -> None:
    code = client.code(editor)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": client.client_id,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        "resource": site.mcp_url,
    }

    answer = send(
        "POST",
        f"{site.url}/mcp/oauth/token",
        data={**form, name: [form[name], form[name]]},
    )

    assert_error(answer, 400, "invalid_request")
    assert client.exchange(code).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        pytest.param(b"{}", JSON, 415, id="JSON"),
        pytest.param(b"a=b", {"Content-Type": "text/plain"}, 415, id="text"),
        pytest.param(b"a=b", {}, 415, id="no content type"),
        pytest.param(
            b"--x--",
            {"Content-Type": "multipart/form-data; boundary=x"},
            415,
            id="multipart",
        ),
        pytest.param(b"", FORM, 400, id="nothing"),
        pytest.param(b"\xff\xfe", FORM, 400, id="invalid UTF-8"),
        pytest.param(b"grant_type=%ff", FORM, 400, id="broken UTF-8"),
        pytest.param(b"grant_type=%00", FORM, 400, id="NUL"),
        pytest.param(b"a=" + b"x" * 20_000, FORM, 413, id="long"),
    ],
)
def test_58_what_is_no_form_is_refused(
    site: Site, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = post_raw(site, "token", content, headers)

    assert_error(answer, status, "invalid_request")


@pytest.mark.parametrize("endpoint", ["token", "revoke", "register"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_58_only_post_is_answered(site: Site, endpoint: str, method: str) -> None:
    answer = send(method, f"{site.url}/mcp/oauth/{endpoint}")

    assert_error(answer, 405, "invalid_request")
    assert "POST" in answer.headers["Allow"]


def test_58_parameters_in_the_address_are_not_read(
    site: Site, client: Registered, editor: Person
) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": client.code(editor),
        "client_id": client.client_id,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    }
    url = f"{site.url}/mcp/oauth/token"

    for query, body in ((form, {}), ({"code": form["code"]}, form)):
        answer = send("POST", url, params=query, data=body)
        assert_error(answer, 400, "invalid_request")


@pytest.mark.parametrize(
    "grant_type",
    [
        *("password", "client_credentials", "implicit", "device_code"),
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "AUTHORIZATION_CODE",
    ],
)
def test_59_no_other_way_to_a_token_exists(
    site: Site, client: Registered, grant_type: str
) -> None:
    form = {
        "grant_type": grant_type,
        "client_id": client.client_id,
        "username": "admin",
        "password": "x",
    }

    assert_error(post_token(site, form), 400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "resource", ["https://example.com/mcp", "{url}", "{url}/mcp/other", "mcp"]
)
def test_60_a_foreign_resource_is_refused(
    site: Site, client: Registered, editor: Person, resource: str
) -> None:
    foreign = resource.format(url=site.url)
    code, tokens = client.code(editor), client.tokens(editor)

    for answer in (
        client.exchange(client.code(editor), resource=foreign),
        client.exchange(code, resource=foreign),
        client.refresh(tokens.refresh, resource=foreign),
    ):
        assert_error(answer, 400, "invalid_target")
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK


def test_61_no_answer_with_a_token_is_stored_anywhere(
    client: Registered, editor: Person
) -> None:
    code = client.code(editor)

    given = client.exchange(code)
    refreshed = client.refresh(given.json()["refresh_token"])
    refused = client.exchange("junk")

    for answer in (given, refreshed, refused):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Pragma"] == "no-cache"
        assert "Set-Cookie" not in answer.headers


def test_62_a_code_of_a_user_who_was_disabled_meanwhile_is_refused(
    client: Registered, admin: Person, hire: Hire
) -> None:
    person = hire()
    code = client.code(person)

    set_access(admin, person.username, "disabled")

    assert_error(client.exchange(code), 400, "invalid_grant")
    set_access(admin, person.username, "enabled")
    assert_error(client.exchange(code), 400, "invalid_grant")


def test_63_a_foreign_secret_looks_like_an_unknown_one(
    site: Site, client: Registered, editor: Person
) -> None:
    other = register(site)
    code, tokens = client.code(editor), client.tokens(editor)
    used = client.code(editor)
    client.exchange(used)
    unknown = "acc_" + "0" * 46

    foreign = [other.exchange(one) for one in (code, used, unknown, "junk")]
    foreign_refresh = [other.refresh(one) for one in (tokens.refresh, "acr_junk")]

    for answers in (foreign, foreign_refresh):
        assert {one.status_code for one in answers} == {400}
        assert len({one.text for one in answers}) == 1
