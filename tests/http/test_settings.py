"""A setting saved on the page counts in every worker from the next request on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from panel.agent.forms import form_with
from tests.http.person import Person, form_for
from tests.http.server import WORKERS, Site
from tests.http.wire import at_once, post_call, register, worker_of

SETTINGS = "/admin/agent_connector/connectorsettings/"
CLIENTS = "/admin/agent_connector/client/"
TRIES = 40
BURSTS = 25

_SOUND = {
    "mcp_server_enabled": "on",
    "agents_may_change_data": "on",
    "access_token_lifetime": "3600",
    "refresh_token_lifetime": "2592000",
    "connection_lifetime": "180",
    "authorization_code_lifetime": "60",
    "refresh_grace": "30",
    "dynamic_client_registration": "on",
    "personal_access_token_lifetime": "90",
    "calls_per_minute": "300",
    "refused_calls_to_suspend": "50",
    "tool_call_retention": "90",
    "store_arguments": "on",
    "notify_new_connection": "on",
    "notify_reuse_alarm": "on",
    "notify_revoked_by_others": "on",
    "notify_expiring_token": "on",
}


def _save(admin: Person, **changes: str | None) -> None:
    """Fill in the page's own form and press Save."""
    page = admin.get(SETTINGS)
    form = form_with(page.text, "access_token_lifetime")
    assert form is not None
    values = {**_SOUND, **changes}
    for name in values.keys() & form.fields.keys():
        del form.fields[name]  # an unticked box is not sent
    given = {name: value for name, value in values.items() if value is not None}
    assert admin.submit(page, form, **given).status_code == httpx.codes.OK


@pytest.fixture
def restored(admin: Person) -> Iterator[None]:
    """Leave the site as the other tests expect it."""
    yield
    _save(admin)


def _answers_of_every_worker(site: Site, access: str) -> list[httpx.Response]:
    answers: list[httpx.Response] = []
    for _ in range(BURSTS):
        answers += at_once(TRIES, lambda: post_call(site, access))
        if len({worker_of(answer) for answer in answers}) == WORKERS:
            return answers
    raise AssertionError("Not every worker answered.")


@pytest.mark.usefixtures("restored")
def test_the_master_switch_is_obeyed_by_every_worker_at_once(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site, "Switched")
    tokens = client.tokens(editor)
    assert post_call(site, tokens.access).status_code == httpx.codes.OK

    _save(admin, mcp_server_enabled=None)

    for answer in _answers_of_every_worker(site, tokens.access):
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert answer.headers["Retry-After"] == "60"
    refused = client.refresh(tokens.refresh)
    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    _save(admin)
    for answer in _answers_of_every_worker(site, tokens.access):
        assert answer.status_code == httpx.codes.OK
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK


@pytest.mark.usefixtures("restored")
def test_a_lifetime_is_that_of_the_next_token_in_whatever_worker(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site, "Timed")
    tokens = client.tokens(editor)

    _save(admin, access_token_lifetime="120")

    assert client.refresh(tokens.refresh).json()["expires_in"] == 120


def test_a_blocked_client_is_cut_in_every_worker(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site, "Blocked by name")
    tokens = client.tokens(editor)
    listed = admin.get(f"{CLIENTS}?q={client.client_id}")
    [link] = re.findall(r"/agent_connector/client/\d+/block/", listed.text)

    page = admin.get(f"/admin{link}")
    admin.submit(page, form_for(page, field="confirm", value="yes"))

    for answer in _answers_of_every_worker(site, tokens.access):
        assert answer.status_code == httpx.codes.UNAUTHORIZED
        assert "the client was blocked" in answer.headers["WWW-Authenticate"]
    assert client.refresh(tokens.refresh).json()["error"] == "invalid_grant"
