"""Attacks 79 to 88: calling the MCP endpoint without the right to."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.attacks.answers import JSON, assert_cut, assert_dead, assert_nobody_called
from tests.http.hand import change_connection
from tests.http.person import Person
from tests.http.sending import send
from tests.http.server import Site
from tests.http.wire import MCP_HEADERS, Registered, post_call, register

PING = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
METHODS = ("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH")


@pytest.fixture(scope="module")
def access(site: Site, editor: Person) -> str:
    return register(site).tokens(editor).access


def _ping(site: Site, authorization: str, **headers: str) -> httpx.Response:
    given = {**MCP_HEADERS, **JSON, "Authorization": authorization, **headers}
    return send("POST", site.mcp_url, content=PING, headers=given)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_79_without_a_token_the_way_to_one_is_shown(
    site: Site, method: str, path: str
) -> None:
    answer = send(method, f"{site.url}{path}")

    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert f'resource_metadata="{site.metadata_url}"' in challenge
    assert 'scope="read write delete"' in challenge
    assert "error=" not in challenge


@pytest.mark.parametrize(
    "token", ["x", "aca_" + "0" * 46, "a" * 4000, "eyJhbGciOiJub25lIn0.e30."]
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_79_a_bad_token_is_said_to_be_bad(site: Site, token: str, method: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}

    assert_cut(site, send(method, site.mcp_url, headers=headers))


def test_80_a_token_in_the_address_or_a_form_counts_for_nothing(
    site: Site, access: str
) -> None:
    for name in ("access_token", "token", "bearer_token", "Authorization"):
        query = {name: access}
        asked = send("POST", site.mcp_url, params=query, content=PING, headers=JSON)
        posted = send("POST", site.mcp_url, data=query)
        assert asked.status_code == posted.status_code == httpx.codes.UNAUTHORIZED
        assert "error=" not in asked.headers["WWW-Authenticate"]


def test_81_no_other_secret_passes_as_an_access_token(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)
    code = client.code(editor)

    for other in (tokens.refresh, code, tokens.access[:-1] + "0", tokens.access + "0"):
        assert_cut(site, post_call(site, other))
    disguised = "aca" + tokens.refresh[3:]
    assert_cut(site, post_call(site, disguised))


@pytest.mark.parametrize(
    "resource",
    ["https://example.com/mcp", "{url}", "{url}/mcp/other", "{url}/mcp/", "{url}/MCP"],
)
def test_82_a_token_for_another_resource_is_refused(
    site: Site, client: Registered, editor: Person, resource: str
) -> None:
    tokens = client.tokens(editor)

    change_connection(site, tokens.access, "resource", resource.format(url=site.url))

    assert_cut(site, post_call(site, tokens.access))


def test_82_a_session_cookie_or_another_scheme_authenticates_nobody(
    site: Site, admin: Person, access: str
) -> None:
    with_cookie = admin.browser.post("/mcp", content=PING, headers=JSON)

    assert with_cookie.status_code == httpx.codes.UNAUTHORIZED
    for scheme in ("Basic", "Token", "Digest", "DPoP", "MAC"):
        answer = _ping(site, f"{scheme} {access}")
        assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_83_a_missing_scope_is_told_with_all_that_is_needed(
    site: Site, client: Registered, editor: Person
) -> None:
    access = client.tokens(editor, level="read").access
    change = {"model": "shop.product", "id": "1", "values": {"price": "1"}}

    answer = post_call(site, access, "update_record", **change)

    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status_code == httpx.codes.FORBIDDEN
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="read write"' in challenge
    assert f'resource_metadata="{site.metadata_url}"' in challenge


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://evil.example", "Host": "evil.example"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS"])
def test_84_a_page_of_another_origin_may_not_call(
    site: Site, access: str, headers: dict[str, str], method: str
) -> None:
    given = {**MCP_HEADERS, **JSON, "Authorization": f"Bearer {access}", **headers}

    answer = send(method, site.mcp_url, content=PING, headers=given)

    assert answer.status_code == httpx.codes.FORBIDDEN
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_84_pages_of_the_site_itself_may(site: Site, access: str) -> None:
    assert _ping(site, f"Bearer {access}", Origin=site.url).status_code == 200


def _exchange_raw(site: Site, *headers: bytes) -> bytes:
    """Send these very header lines and return the status line."""
    place = urlsplit(site.url)
    lines = [
        b"POST /mcp HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Content-Type: application/json",
        b"Accept: application/json, text/event-stream",
        b"MCP-Protocol-Version: 2025-11-25",
        b"Connection: close",
        b"Content-Length: %d" % len(PING),
        *headers,
        b"",
        PING,
    ]
    with socket.create_connection((place.hostname, place.port or 80), 30) as wire:
        wire.sendall(b"\r\n".join(lines))
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
    return answer.partition(b"\r\n")[0]


@pytest.mark.parametrize(
    ("lines", "statuses"),
    [
        pytest.param(["Authorization: bearer {0}"], {200}, id="lower case"),
        pytest.param(["AUTHORIZATION: BEARER {0}"], {200}, id="upper case"),
        pytest.param(["Authorization:    Bearer   {0}   "], {200}, id="spaces"),
        pytest.param(["Authorization: Bearer\t{0}"], {400, 401}, id="tab"),
        pytest.param(["Authorization: Bearer"], {400, 401}, id="nothing"),
        pytest.param(["Authorization: Bearer a b"], {400}, id="two words"),
        pytest.param(["Authorization: Bearer {0}, Bearer {0}"], {400}, id="a list"),
        pytest.param(["Authorization: Bearer {0}"] * 2, {400}, id="twice"),
        pytest.param(
            ["Authorization: Bearer {0}", "Authorization: Basic YTpi"],
            {400, 401},
            id="two schemes",
        ),
        pytest.param(
            ["Authorization_: x", "Authorization: Bearer {0}"], {200, 400}, id="twin"
        ),
        pytest.param(["Authorization: Bearer " + "a" * 8000], {401}, id="8 KB"),
        pytest.param(["Authorization: Bearer " + "a" * 70_000], {400, 431}, id="70 KB"),
        pytest.param(["Authorization: Bearer \xff\xfe"], {400}, id="bytes"),
        pytest.param(["Authorization: Bearer x\x00y"], {400}, id="NUL"),
        pytest.param(["Authorization: Bearer {0}\r\n X: y"], {400}, id="folded"),
    ],
)
def test_87_a_strange_header_has_a_defined_answer(
    site: Site, access: str, lines: list[str], statuses: set[int]
) -> None:
    sent = [line.replace("{0}", access).encode("latin-1") for line in lines]

    status = _exchange_raw(site, *sent)

    assert int(status.split()[1]) in statuses, status


def test_87_one_answer_serves_the_dead_whatever_the_spelling(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)
    client.revoke(tokens.access)

    for spelling in ("Bearer {}", "bearer {}", "BEARER   {}"):
        assert_cut(site, _ping(site, spelling.format(tokens.access)))
    assert_dead(client, tokens)


def test_88_a_token_is_never_sent_on_to_anybody(
    site: Site, editor: Person, listener: socket.socket
) -> None:
    place = f"http://127.0.0.1:{listener.getsockname()[1]}"
    client = register(site, place)
    tokens = client.tokens(editor)

    for tool, arguments in (
        ("search_records", {"model": "shop.product", "query": place}),
        ("get_record", {"model": "shop.product", "id": place}),
        ("whoami", {"resource": place}),
    ):
        post_call(site, tokens.access, tool, **arguments)
    client.refresh(tokens.refresh)
    client.revoke(tokens.access)

    assert_nobody_called(listener)
