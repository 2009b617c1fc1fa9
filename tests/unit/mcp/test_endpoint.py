"""The door at /mcp: each request is judged in order, and answered in its form."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client, RequestFactory, override_settings
from django.urls import resolve
from pytest_django.fixtures import Settings

from agent_connector.connections.revoke import revoke_connection
from agent_connector.mcp import endpoint as module
from agent_connector.mcp.body import MAX_BODY_BYTES
from agent_connector.models import Connection, ToolCall
from panel.shop.models import Product
from tests.factories import make_admin, make_connection, make_user
from tests.panel.shop import make_product
from tests.wire import PING, access_token, ask, call, error_code, json_of, send

pytestmark = pytest.mark.django_db
METADATA = (
    'resource_metadata="http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp"'
)


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_a_ping_is_answered_at_both_spellings(path: str) -> None:
    response = send(access_token(), path=path)

    assert response.status_code == 200
    assert json_of(response) == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert response.headers["Cache-Control"] == "no-store"
    assert "Authorization" in response.headers["Vary"]
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b" ", -32700, id="blank"),
        pytest.param(b"no json", -32700, id="no JSON"),
        pytest.param(b'{"id":"\xff"}', -32700, id="not UTF-8"),
        pytest.param(b"[" * 100_000, -32700, id="100,000 deep"),
        pytest.param(b'{"a":' * 1500 + b"1" + b"}" * 1500, -32700, id="1,500 deep"),
        pytest.param(b'{"id":1,"id":2}', -32600, id="same key twice"),
        pytest.param(b"[" + PING + b"]", -32600, id="batch"),
        pytest.param(b"{}", -32600, id="nothing in it"),
        pytest.param(b'{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600, id="1.0"),
        pytest.param(b'{"jsonrpc":"2.0","id":1,"Method":"ping"}', -32600, id="Method"),
        pytest.param(b'{"jsonrpc":"2.0","id":1,"method":7}', -32600, id="type"),
        pytest.param(b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, id="null"),
        pytest.param(b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, id="1.5"),
        pytest.param(
            b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600, id="params"
        ),
        pytest.param(b'{"jsonrpc":"2.0","id":1,"result":{}}', -32600, id="response"),
    ],
)
def test_a_body_that_is_no_message_is_a_json_rpc_error(body: bytes, code: int) -> None:
    response = send(access_token(), body)

    assert response.status_code == 400
    assert error_code(response) == code
    assert not ToolCall.objects.exists()


@pytest.mark.parametrize(
    ("id_", "echoed"),
    [
        (b"7", 7),
        (b'"7"', "7"),
        (b"9" * 60, int("9" * 60)),
        (b'"\\u2603\\u0000"', "☃\x00"),
    ],
)
def test_the_id_comes_back_as_it_was_sent(id_: bytes, echoed: Any) -> None:
    body = b'{"jsonrpc":"2.0","id":' + id_ + b',"method":"ping"}'

    assert json_of(send(access_token(), body))["id"] == echoed


def test_a_notification_is_acknowledged_without_a_body() -> None:
    body = b'{"jsonrpc":"2.0","method":"notifications/initialized"}'

    response = send(access_token(), body)

    assert (response.status_code, response.content) == (202, b"")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON", 200),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415),
        ("", 415),
    ],
)
def test_only_json_is_read(content_type: str, status: int) -> None:
    response = send(access_token(), content_type=content_type)

    assert response.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Encoding": "gzip"}, 415),
        ({"Accept": "text/html"}, 406),
        ({"Accept": "application/json, text/event-stream"}, 200),
        ({"Accept": "*/*"}, 200),
        ({"MCP_Protocol_Version": "1999-01-01"}, 400),
    ],
    ids=str,
)
def test_headers_that_ask_for_something_else_are_refused(
    headers: dict[str, Any], status: int
) -> None:
    assert send(access_token(), **headers).status_code == status


def test_too_long_a_body_is_refused_whether_it_says_so_or_not() -> None:
    token = access_token()
    long = b'{"a":"' + b"x" * MAX_BODY_BYTES + b'"}'

    said = send(token, long)
    lied = send(token, long, Content_Length="10")
    fits = send(token, b'{"a":"' + b"x" * (MAX_BODY_BYTES - 8) + b'"}')

    assert said.status_code == 413
    assert lied.status_code in {400, 413}
    assert fits.status_code == 400


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_a_lower_limit_of_the_site_holds_and_is_told_as_json() -> None:
    response = send(access_token())

    assert response.status_code == 413
    assert error_code(response) == -32600


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_a_page_of_a_foreign_origin_is_refused_before_the_token(origin: str) -> None:
    for response in (send(Origin=origin), send(access_token(), Origin=origin)):
        assert response.status_code == 403
        assert error_code(response) == -32600
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_page_of_an_allowed_origin_may_call(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "ALLOWED_ORIGINS": ["https://inspector.example"],
    }
    origin = "https://inspector.example"

    asked = send(method="OPTIONS", body=b"", Origin=origin)
    answer = send(access_token(), Origin=origin)
    own = send(access_token(), Origin="http://127.0.0.1:8000")

    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert answer.status_code == own.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_a_call_beyond_the_level_is_a_403_that_names_all_scopes() -> None:
    product = make_product()
    token = access_token(level="read")

    response = call(
        token, "update_record", model="shop.product", id=product.pk, values={"stock": 1}
    )

    assert response.status_code == 403
    challenge = response.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="read write"' in challenge
    assert METADATA in challenge
    assert ToolCall.objects.get().outcome == "refused"


def test_a_change_under_way_when_the_connection_ends_is_answered_401(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    product, connection_of = make_product(), make_connection(make_admin())
    connection, pair = connection_of
    original = Product.save

    def save_late(self: Product, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        reason = Connection.RevokedReason.ADMIN
        revoke_connection(
            connection, reason=reason, actor=None, now=connection.created_at
        )

    monkeypatch.setattr(Product, "save", save_late)

    response = call(
        pair.access,
        "update_record",
        model="shop.product",
        id=product.pk,
        values={"stock": 4711},
    )

    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert Product.objects.get(pk=product.pk).stock != 4711
    assert ToolCall.objects.get().outcome == "refused"


@pytest.mark.parametrize("where", ["verify_access_token", "the_server"])
def test_database_trouble_is_a_503_and_never_a_401(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    token = access_token()

    def fail(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError("secret detail")

    monkeypatch.setattr(module, where, fail)

    response = send(token)

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "secret" not in response.content.decode()
    assert error_code(response) == -32000


def test_database_trouble_inside_a_tool_is_a_503(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError("database is locked")

    token = access_token()
    monkeypatch.setattr("panel.shop.admin.ProductAdmin.get_queryset", fail)

    response = call(token, "search_records", model="shop.product")

    assert response.status_code == 503


def test_a_bug_of_ours_is_a_json_rpc_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "the_server", lambda: lambda _request: 1 // 0)

    response = send(access_token())

    assert response.status_code == 500
    assert error_code(response) == -32603
    assert "division" not in response.content.decode()
    assert "ZeroDivisionError" in caplog.text


def test_a_site_without_a_name_is_unavailable(settings: Settings) -> None:
    token = access_token()
    settings.AGENT_CONNECTOR = {"ADMIN_SITE": "panel.site.site"}

    assert send().status_code == send(token).status_code == 503


def test_under_debug_the_requests_own_host_is_the_sites_name(
    settings: Settings,
) -> None:
    settings.DEBUG = True
    settings.AGENT_CONNECTOR = {"ADMIN_SITE": "panel.site.site"}

    response = send()

    assert response.status_code == 401
    assert "http://testserver/.well-known/" in response.headers["WWW-Authenticate"]


def test_the_view_takes_no_csrf_token_no_session_and_no_transaction() -> None:
    view: Any = resolve("/mcp").func

    assert view.csrf_exempt is True
    assert view.login_required is False
    assert set(connections) <= view._non_atomic_requests  # noqa: SLF001
    response = Client(enforce_csrf_checks=True).post(
        "/mcp", PING, content_type="application/json"
    )
    assert response.status_code == 401


def test_the_session_is_not_touched() -> None:
    request = RequestFactory().post("/mcp", PING, content_type="application/json")

    response = resolve("/mcp").func(request)

    assert response.status_code == 401
    assert not hasattr(request, "user")


def test_a_viewer_may_not_change_what_an_editor_may() -> None:
    product = make_product()
    rights = ("shop.view_product", "shop.change_product")
    change = {"model": "shop.product", "id": product.pk, "values": {"stock": 5}}

    viewer = call(
        access_token(make_user(permissions=rights[:1])), "update_record", **change
    )
    editor = call(
        access_token(make_user(permissions=rights)), "update_record", **change
    )

    assert json_of(viewer)["result"]["isError"] is True
    assert json_of(editor)["result"]["isError"] is False


def test_last_used_is_that_of_the_last_call_not_of_a_ping() -> None:
    connection, pair = make_connection(make_admin())

    ask(pair.access, "ping")
    assert Connection.objects.get(pk=connection.pk).last_used_at is None
    call(pair.access, "whoami")

    assert Connection.objects.get(pk=connection.pk).last_used_at is not None
