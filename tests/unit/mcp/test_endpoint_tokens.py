"""The door at /mcp asks every method for a token, and takes it from one place only."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection
from tests.factories import make_admin, make_connection
from tests.wire import PING, access_token, json_of, send

pytestmark = pytest.mark.django_db
METADATA = (
    'resource_metadata="http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp"'
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"]


@pytest.mark.parametrize("method", METHODS)
def test_without_a_token_every_method_gets_the_challenge(method: str) -> None:
    response = send(method=method)

    assert response.status_code == 401
    challenge = response.headers["WWW-Authenticate"]
    assert METADATA in challenge
    assert 'scope="read write delete"' in challenge
    assert "error" not in challenge
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", sorted({*METHODS} - {"POST"}))
def test_with_a_token_only_post_is_allowed(method: str) -> None:
    response = send(access_token(), method=method)

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(
    ("authorization", "status", "error"),
    [
        ("Bearer nonsense", 401, "invalid_token"),
        ("Bearer aca_" + "0" * 46, 401, "invalid_token"),
        ("Bearer " + "a" * 8192, 401, "invalid_token"),
        ("Bearer", 400, "invalid_request"),
        ("Bearer a,Bearer b", 400, "invalid_request"),
        ("Bearer\tabc", 400, "invalid_request"),
        ("Bearer a b", 400, "invalid_request"),
    ],
    ids=["nonsense", "checksum", "8 KB", "nothing", "two", "tab", "two words"],
)
def test_what_is_no_token_is_told_so(
    authorization: str, status: int, error: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = send(Authorization=authorization)

    assert response.status_code == status
    assert f'error="{error}"' in response.headers["WWW-Authenticate"]
    assert METADATA in response.headers["WWW-Authenticate"]
    assert json_of(response)["error"] == error


def test_a_refresh_token_is_no_access_token() -> None:
    _connection, pair = make_connection(make_admin())

    response = send(pair.refresh)

    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_a_token_of_another_resource_is_refused() -> None:
    connection, pair = make_connection(make_admin())
    Connection.objects.filter(pk=connection.pk).update(resource="https://else/mcp")

    assert send(pair.access).status_code == 401


def test_a_revoked_token_is_told_by_whom_and_when() -> None:
    admin = make_admin("jörg")
    connection, pair = make_connection(admin)
    reason = Connection.RevokedReason.ADMIN
    revoke_connection(connection, reason=reason, actor=admin, now=connection.created_at)

    response = send(pair.access)

    assert response.status_code == 401
    challenge = response.headers["WWW-Authenticate"]
    assert 'error_description="Revoked by jorg at 20' in challenge
    assert "UTC" in challenge


def test_a_token_elsewhere_than_in_the_header_counts_for_nothing() -> None:
    token = access_token()

    in_query = send(path=f"/mcp?access_token={token}")
    in_form = send(
        body=f"access_token={token}".encode(),
        content_type="application/x-www-form-urlencoded",
    )

    assert (in_query.status_code, in_form.status_code) == (401, 401)


def test_a_cookie_never_authenticates() -> None:
    browser = Client()
    browser.force_login(make_admin())

    response = browser.post("/mcp", PING, content_type="application/json")

    assert response.status_code == 401
