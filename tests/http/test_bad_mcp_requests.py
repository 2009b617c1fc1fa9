"""Bad input at the MCP endpoint: a JSON-RPC error or a status, never a 500."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import MCP_HEADERS, post_call, register

JSON = {"Content-Type": "application/json"}
PING = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'


@pytest.fixture(scope="module")
def access(site: Site, editor: Person) -> str:
    return register(site).tokens(editor).access


def _post(site: Site, access: str, content: bytes, **headers: str) -> httpx.Response:
    given = {**MCP_HEADERS, **JSON, "Authorization": f"Bearer {access}", **headers}
    return httpx.post(site.mcp_url, content=content, headers=given, timeout=30)


def _failure_of(answer: httpx.Response) -> dict[str, Any]:
    """Return what a tool told the agent about why it did not do it."""
    assert answer.status_code == httpx.codes.OK, answer.text
    result = answer.json()["result"]
    assert result["isError"] is True
    return dict(json.loads(result["content"][0]["text"]))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"hello", -32700, id="no JSON"),
        pytest.param(b"", -32700, id="nothing"),
        pytest.param(b'{"jsonrpc":"2.0","id":1,"method":"\xff"}', -32700, id="UTF-8"),
        pytest.param(b"[" * 100_000, -32700, id="deep and cut off"),
        pytest.param(
            b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":'
            + b"[" * 50_000
            + b"]" * 50_000
            + b"}}",
            -32700,
            id="deep",
        ),
        pytest.param(
            b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32700, id="repeated"
        ),
        pytest.param(b"[]", -32600, id="an empty batch"),
        pytest.param(b"[" + PING + b"]", -32600, id="a batch"),
        pytest.param(b"null", -32600, id="null"),
        pytest.param(b'{"id":1,"method":"ping"}', -32600, id="no version"),
        pytest.param(b'{"jsonrpc":"2.0","id":1,"method":7}', -32600, id="method type"),
        pytest.param(
            b'{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, id="id type"
        ),
        pytest.param(
            b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}',
            -32600,
            id="params type",
        ),
    ],
)
def test_a_message_that_cannot_be_read_is_refused(
    site: Site, access: str, content: bytes, code: int
) -> None:
    answer = _post(site, access, content)

    assert answer.status_code == httpx.codes.BAD_REQUEST, answer.text
    assert answer.json()["error"]["code"] in {code, -32600, -32602}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Origin": "https://example.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"MCP-Protocol-Version": "1999-01-01"}, 400),
    ],
    ids=str,
)
def test_a_request_with_a_wrong_header_is_refused(
    site: Site, access: str, headers: dict[str, str], status: int
) -> None:
    answer = _post(site, access, PING, **headers)

    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")


def test_too_long_a_message_is_refused(site: Site, access: str) -> None:
    answer = _post(site, access, b" " * (20 * 1024 * 1024))

    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE


def test_an_unknown_method_is_said_to_be_unknown(site: Site, access: str) -> None:
    answer = _post(site, access, b'{"jsonrpc":"2.0","id":1,"method":"magic/do"}')

    assert answer.json()["error"]["code"] == -32601


def test_an_unknown_tool_is_said_to_be_unknown(site: Site, access: str) -> None:
    answer = post_call(site, access, "drop_tables")

    assert answer.status_code == httpx.codes.OK
    assert answer.json()["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search_records", {}),
        ("search_records", {"model": 7}),
        ("search_records", {"model": "shop.nothing"}),
        ("search_records", {"model": "auth.user"}),
        ("search_records", {"model": "agent_connector.token"}),
        ("search_records", {"model": "shop.product", "password__startswith": "a"}),
        ("search_records", {"model": "shop.product", "limit": "many"}),
        ("search_records", {"model": "shop.product", "limit": -1}),
        ("search_records", {"model": "shop.product", "query": "\x00"}),
        ("get_record", {"model": "shop.product", "id": "☃"}),
        ("get_record", {"model": "shop.product", "id": "9" * 400}),
        ("get_record", {"model": "shop.product", "id": "1' OR '1'='1"}),
        ("describe_model", {"model": "\x00"}),
        ("whoami", {"unknown": True}),
    ],
    ids=str,
)
def test_a_call_with_a_wrong_argument_tells_the_agent_what_is_wrong(
    site: Site, access: str, tool: str, arguments: dict[str, Any]
) -> None:
    answer = post_call(site, access, tool, **arguments)

    if "error" in answer.json():
        assert answer.json()["error"]["code"] == -32602
    else:
        assert _failure_of(answer)["message"]


def test_a_model_without_permission_looks_like_one_that_is_not_there(
    site: Site, access: str
) -> None:
    withheld = _failure_of(post_call(site, access, "search_records", model="auth.user"))
    missing = _failure_of(post_call(site, access, "search_records", model="auth.usex"))

    assert withheld["code"] == missing["code"]


def test_a_change_without_permission_is_refused(site: Site, access: str) -> None:
    found = post_call(site, access, "search_records", model="shop.category")
    [record, *_] = found.json()["result"]["structuredContent"]["rows"]

    answer = post_call(
        site,
        access,
        "update_record",
        model="shop.category",
        id=record["id"],
        values={"name": "Other"},
    )

    told = _failure_of(answer)
    assert told["code"] == "permission_missing"
    assert "shop.change_category" in told["message"]


def test_with_a_token_other_methods_are_not_allowed(site: Site, access: str) -> None:
    headers = {**MCP_HEADERS, "Authorization": f"Bearer {access}"}

    for method in ("GET", "DELETE", "PUT"):
        answer = httpx.request(method, site.mcp_url, headers=headers, timeout=30)

        assert answer.status_code == httpx.codes.METHOD_NOT_ALLOWED
