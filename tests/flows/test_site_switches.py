"""The site's switches and lifetimes reach every client with its next request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.connections.issue import TokenPair
from agent_connector.connections.recheck import recheck_connection
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.models import Client, ConnectorSettings, Token, ToolCall
from panel.shop.admin.category import CategoryAdmin
from panel.shop.models.category import Category
from tests.callers import use_admin
from tests.factories import make_admin, make_client, make_connection
from tests.statements import statements
from tests.wire import access_token, ask, ask_modern, call, json_of, send

pytestmark = pytest.mark.django_db
OAUTH = [
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/.well-known/oauth-protected-resource"),
    ("GET", "/.well-known/oauth-protected-resource/mcp"),
    ("POST", "/mcp/oauth/register"),
    ("POST", "/mcp/oauth/token"),
    ("POST", "/mcp/oauth/revoke"),
]


def switch(**values: Any) -> None:
    ConnectorSettings.objects.update_or_create(pk=1, defaults=values)


def refresh(client: Client, pair: TokenPair) -> Any:
    return Browser().post(
        "/mcp/oauth/token",
        f"grant_type=refresh_token&client_id={client.client_id}"
        f"&refresh_token={pair.refresh}",
        content_type="application/x-www-form-urlencoded",
    )


@pytest.mark.parametrize("token", ["known", "unknown"])
def test_switched_off_every_token_gets_503_and_when_to_come_back(token: str) -> None:
    text = access_token() if token == "known" else mint_secret(Prefix.ACCESS)
    switch(mcp_server_enabled=False)

    answer = send(text)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "WWW-Authenticate" not in answer.headers
    assert (
        "switched the MCP server of this site off"
        in (json_of(answer)["error"]["message"])
    )


def test_switched_off_the_judgement_still_takes_one_statement() -> None:
    text = access_token()
    switch(mcp_server_enabled=False)

    with statements() as seen:
        send(text)

    assert len(seen) == 1


@pytest.mark.parametrize(("token", "status"), [("", 401), ("aca_junk", 401)])
def test_switched_off_nothing_is_asked_for_no_token(token: str, status: int) -> None:
    switch(mcp_server_enabled=False)

    with statements() as seen:
        answer = send(token)

    assert answer.status_code == status
    assert seen == []


def test_the_tokens_survive_the_switch() -> None:
    client = make_client()
    _, pair = make_connection(make_admin(), client)
    switch(mcp_server_enabled=False)
    assert send(pair.access).status_code == 503
    assert refresh(client, pair).status_code == 503

    switch(mcp_server_enabled=True)

    assert send(pair.access).status_code == 200
    assert refresh(client, pair).status_code == 200


@pytest.mark.parametrize(("method", "path"), OAUTH)
def test_switched_off_every_oauth_endpoint_says_so(method: str, path: str) -> None:
    switch(mcp_server_enabled=False)

    answer = Browser().generic(method, path, b"{}", content_type="application/json")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["error"] == "temporarily_unavailable"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_switched_off_a_person_gets_a_page_that_says_so(method: str) -> None:
    switch(mcp_server_enabled=False)

    page = Browser().generic(method, "/mcp/oauth/authorize")

    if method == "POST" and page.status_code == 403:
        pytest.fail("The switch stands before the form's own checks.")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "60"
    assert "switched off the connection of AI clients" in page.content.decode()


def test_a_change_under_way_is_not_committed_once_the_server_is_off() -> None:
    connection, _ = make_connection(make_admin())
    switch(mcp_server_enabled=False)

    answer = recheck_connection(connection, now=timezone.now())

    assert isinstance(answer, Refusal)
    assert answer.problem is Problem.SWITCHED_OFF


def _rename(token: str, category: Category) -> Any:
    return call(
        token,
        "update_record",
        model="shop.category",
        id=str(category.pk),
        values={"name": "Changed"},
    )


def test_read_only_no_agent_changes_anything_and_is_told_why() -> None:
    token = access_token(make_admin(), level="delete")
    category = Category.objects.create(name="Lamps", slug="lamps")
    switch(agents_may_change_data=False)

    answer = json_of(_rename(token, category))

    category.refresh_from_db()
    assert category.name == "Lamps"
    assert answer["result"]["isError"]
    assert "an administrator lets agents only read" in str(answer)
    recorded = ToolCall.objects.latest("pk")
    assert (recorded.outcome, recorded.reason) == ("refused", "site_read_only")


@pytest.mark.parametrize("asking", [ask, ask_modern])
def test_read_only_the_tools_that_change_are_not_listed(asking: Any) -> None:
    token = access_token(make_admin(), level="delete")
    switch(agents_may_change_data=False)

    listed = {
        tool["name"] for tool in json_of(asking(token, "tools/list"))["result"]["tools"]
    }

    assert "update_record" not in listed
    assert {"whoami", "search_records", "get_record"} <= listed


def test_read_only_whoami_says_who_decided_that() -> None:
    token = access_token(make_admin(), level="write")
    switch(agents_may_change_data=False)

    told = json_of(call(token, "whoami"))["result"]["structuredContent"]

    assert told["connection"]["level"] == "read"
    [why] = {one["why"] for one in told["out_of_reach"]}
    assert why == "An administrator lets agents only read on this site."


def test_the_switch_back_lets_agents_change_again() -> None:
    token = access_token(make_admin(), level="write")
    category = Category.objects.create(name="Lamps", slug="lamps")
    switch(agents_may_change_data=False)
    _rename(token, category)

    switch(agents_may_change_data=True)
    _rename(token, category)

    category.refresh_from_db()
    assert category.name == "Changed"


def test_lifetimes_of_the_page_are_those_of_the_next_tokens() -> None:
    client = make_client()
    switch(
        access_token_lifetime=timedelta(seconds=300),
        refresh_token_lifetime=timedelta(days=2),
        connection_lifetime=timedelta(days=3),
    )

    connection, pair = make_connection(make_admin(), client)
    switch(access_token_lifetime=timedelta(seconds=200))
    next_pair = refresh(client, pair).json()

    assert pair.expires_in == timedelta(seconds=300)
    assert connection.expires_at - connection.created_at == timedelta(days=2)
    assert connection.absolute_expires_at - connection.created_at == timedelta(days=3)
    assert next_pair["expires_in"] == 200
    assert Token.objects.filter(kind=Token.Kind.ACCESS).count() == 2


def test_without_registration_no_program_registers_or_is_invited_to() -> None:
    switch(dynamic_client_registration=False)

    refused = Browser().post("/mcp/oauth/register", {}, content_type="application/json")
    document = Browser().get("/.well-known/oauth-authorization-server").json()

    assert refused.status_code == 403
    assert refused.json()["error"] == "access_denied"
    assert "registration_endpoint" not in document
    assert not Client.objects.exists()


def _saving(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    """Let an administrator change the settings while an agent's change is saved."""

    class Meanwhile(CategoryAdmin):
        def save_model(self, *args: Any, **options: Any) -> None:
            super().save_model(*args, **options)
            switch(**values)

    use_admin(monkeypatch, Category, Meanwhile)


def test_switched_off_meanwhile_the_change_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = access_token(make_admin(), level="write")
    category = Category.objects.create(name="Lamps", slug="lamps")
    _saving(monkeypatch, mcp_server_enabled=False)

    answer = _rename(token, category)

    category.refresh_from_db()
    assert category.name == "Lamps"
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"


def test_read_only_meanwhile_the_change_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = access_token(make_admin(), level="write")
    category = Category.objects.create(name="Lamps", slug="lamps")
    _saving(monkeypatch, agents_may_change_data=False)

    answer = json_of(_rename(token, category))

    category.refresh_from_db()
    assert category.name == "Lamps"
    assert "an administrator lets agents only read" in str(answer)
