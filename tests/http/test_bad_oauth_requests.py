"""Bad input at the OAuth endpoints: the right error in JSON, never a 500."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.factories import REDIRECT_URI
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import Registered, post_call, register

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DEEP = b"[" * 15_000
METADATA = "invalid_client_metadata"


@pytest.fixture(scope="module")
def client(site: Site) -> Registered:
    return register(site)


def _post(
    site: Site, endpoint: str, content: bytes, headers: dict[str, str]
) -> httpx.Response:
    return httpx.post(
        f"{site.url}/mcp/oauth/{endpoint}", content=content, headers=headers, timeout=30
    )


def _assert_error(answer: httpx.Response, status: int, error: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "headers", "status", "error"),
    [
        pytest.param(b"client_name=x", JSON, 400, METADATA, id="no JSON"),
        pytest.param(b"", JSON, 400, METADATA, id="nothing"),
        pytest.param(b"[]", JSON, 400, METADATA, id="an array"),
        pytest.param(b"null", JSON, 400, METADATA, id="null"),
        pytest.param(b'{"redirect_uris": NaN}', JSON, 400, METADATA, id="NaN"),
        pytest.param(b'{"a": "\xff"}', JSON, 400, METADATA, id="invalid UTF-8"),
        pytest.param(b'{"a":' + DEEP, JSON, 400, METADATA, id="cut off and deep"),
        pytest.param(
            b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", JSON, 400, METADATA, id="deep"
        ),
        pytest.param(
            b'{"client_name":"a","client_name":"b"}', JSON, 400, METADATA, id="repeated"
        ),
        pytest.param(b"{}", FORM, 415, "invalid_request", id="wrong content type"),
        pytest.param(b"{}", {}, 415, "invalid_request", id="no content type"),
        pytest.param(
            b'{"a": "' + b"x" * 20_000 + b'"}', JSON, 413, "invalid_request", id="long"
        ),
    ],
)
def test_a_registration_that_cannot_be_read_is_refused(
    site: Site, content: bytes, headers: dict[str, str], status: int, error: str
) -> None:
    _assert_error(_post(site, "register", content, headers), status, error)


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"redirect_uris": REDIRECT_URI}, "invalid_redirect_uri"),
        ({"redirect_uris": [1]}, "invalid_redirect_uri"),
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": None}, "invalid_redirect_uri"),
        (
            {"redirect_uris": ["https://example.com/a" + "a" * n for n in range(11)]},
            "invalid_redirect_uri",
        ),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://example.com/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://example.com/#a"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://a@example.com/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://127.0.0.1/\ud800"]}, "invalid_redirect_uri"),
        ({"client_name": 7}, METADATA),
        ({"client_name": ["a"]}, METADATA),
        ({"grant_types": "authorization_code"}, METADATA),
        ({"response_types": {"code": True}}, METADATA),
        ({"token_endpoint_auth_method": "magic"}, METADATA),
        ({"token_endpoint_auth_method": 0}, METADATA),
        ({"scope": 7}, METADATA),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_a_registration_with_a_wrong_member_is_refused(
    site: Site, members: dict[str, Any], error: str
) -> None:
    metadata = {
        "redirect_uris": [REDIRECT_URI],
        "token_endpoint_auth_method": "none",
        **members,
    }

    # In ASCII, so that half a character can be sent at all.
    answer = _post(site, "register", json.dumps(metadata).encode(), JSON)

    assert answer.status_code == httpx.codes.BAD_REQUEST, answer.text
    assert answer.json()["error"] in {error, METADATA}


@pytest.mark.parametrize(
    ("content", "headers", "status", "error"),
    [
        pytest.param(b"{}", JSON, 415, "invalid_request", id="JSON"),
        pytest.param(b"", FORM, 400, "invalid_request", id="nothing"),
        pytest.param(b"\xff\xfe", FORM, 400, "invalid_request", id="invalid UTF-8"),
        pytest.param(
            b"grant_type=%ff", FORM, 400, "invalid_request", id="broken UTF-8"
        ),
        pytest.param(b"grant_type=%00", FORM, 400, "invalid_request", id="NUL"),
        pytest.param(
            b"grant_type=refresh_token&grant_type=refresh_token",
            FORM,
            400,
            "invalid_request",
            id="repeated",
        ),
        pytest.param(
            b"grant_type=password", FORM, 400, "unsupported_grant_type", id="password"
        ),
        pytest.param(
            b"grant_type=refresh_token&client_id=nobody&refresh_token=x",
            FORM,
            401,
            "invalid_client",
            id="unknown client",
        ),
        pytest.param(b"a=" + b"x" * 20_000, FORM, 413, "invalid_request", id="long"),
    ],
)
def test_a_token_request_that_cannot_be_read_is_refused(
    site: Site, content: bytes, headers: dict[str, str], status: int, error: str
) -> None:
    _assert_error(_post(site, "token", content, headers), status, error)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Basic !!!", 401), ("Basic /w==", 401), ("Basic YQ==", 401)],
)
def test_a_client_that_proves_itself_in_a_way_it_has_not_is_refused(
    site: Site, client: Registered, authorization: str, status: int
) -> None:
    form = f"grant_type=refresh_token&refresh_token=x&client_id={client.client_id}"

    answer = _post(
        site, "token", form.encode(), {**FORM, "Authorization": authorization}
    )

    _assert_error(answer, status, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_what_needs_another_method_says_which(site: Site) -> None:
    for endpoint in ("token", "register", "revoke"):
        answer = httpx.get(f"{site.url}/mcp/oauth/{endpoint}", timeout=30)

        assert answer.status_code == httpx.codes.METHOD_NOT_ALLOWED
        assert "POST" in answer.headers["Allow"]


def test_parameters_in_the_address_are_not_read(
    site: Site, client: Registered, editor: Person
) -> None:
    code = client.code(editor)

    answer = httpx.post(
        f"{site.url}/mcp/oauth/token",
        params={"grant_type": "authorization_code", "code": code},
        data={"client_id": client.client_id},
        timeout=30,
    )

    _assert_error(answer, 400, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:33418/other"}, "invalid_grant"),
        ({"resource": "https://example.com/mcp"}, "invalid_target"),
    ],
    ids=str,
)
def test_a_code_without_what_belongs_to_it_is_refused(
    client: Registered, editor: Person, changes: dict[str, str], error: str
) -> None:
    code = client.code(editor)

    refused = client.exchange(code, **changes)

    assert refused.status_code == httpx.codes.BAD_REQUEST
    assert refused.json()["error"] in {error, "invalid_request"}


@pytest.mark.parametrize("code", ["acc_" + "0" * 46, "☃", "x" * 3000, ""])
def test_what_is_no_code_is_refused(client: Registered, code: str) -> None:
    refused = client.exchange(code)

    assert refused.status_code == httpx.codes.BAD_REQUEST
    assert refused.json()["error"] in {"invalid_grant", "invalid_request"}


def test_a_code_of_another_client_is_refused(
    site: Site, client: Registered, editor: Person
) -> None:
    code = client.code(editor)

    _assert_error(register(site).exchange(code), 400, "invalid_grant")


def test_a_replayed_code_ends_what_it_gave(
    site: Site, client: Registered, editor: Person
) -> None:
    code = client.code(editor)
    given = client.exchange(code).json()

    _assert_error(client.exchange(code), 400, "invalid_grant")

    call = post_call(site, given["access_token"])
    assert call.status_code == httpx.codes.UNAUTHORIZED
    _assert_error(client.refresh(given["refresh_token"]), 400, "invalid_grant")


def test_a_token_in_the_place_of_another_is_refused(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)

    _assert_error(client.refresh(tokens.access), 400, "invalid_grant")
    _assert_error(client.exchange(tokens.refresh), 400, "invalid_grant")
    answer = post_call(site, tokens.refresh)
    assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_a_refresh_may_not_widen_what_was_granted(
    client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor, level="read")

    _assert_error(client.refresh(tokens.refresh, scope="write"), 400, "invalid_scope")
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK


def test_a_reused_refresh_token_ends_the_connection(
    site: Site, client: Registered, editor: Person
) -> None:
    first = client.tokens(editor)
    second = client.refresh(first.refresh).json()
    third = client.refresh(second["refresh_token"]).json()

    _assert_error(client.refresh(first.refresh), 400, "invalid_grant")

    call = post_call(site, third["access_token"])
    assert call.status_code == httpx.codes.UNAUTHORIZED
    _assert_error(client.refresh(third["refresh_token"]), 400, "invalid_grant")


def test_signing_out_with_junk_changes_nothing(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)

    assert client.revoke("junk").status_code == httpx.codes.OK
    assert client.revoke("☃", token_type_hint="odd").status_code == httpx.codes.OK
    assert register(site).revoke(tokens.refresh).status_code in {200, 400}
    _assert_error(_post(site, "revoke", b"", FORM), 400, "invalid_request")
    assert post_call(site, tokens.access).status_code == httpx.codes.OK
