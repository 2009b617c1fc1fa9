"""A setting saved on the page counts in every worker from the next request on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from agent_connector.models import ConnectorSettings
from tests.http.effects import EFFECTS, Look, Sight
from tests.http.effects_on_record import EFFECTS_ON_RECORD
from tests.http.person import Person, form_for
from tests.http.server import WORKERS, Site
from tests.http.settings_page import save
from tests.http.wire import at_once, post_call, register, worker_of

CLIENTS = "/admin/agent_connector/client/"
EVERY_EFFECT = EFFECTS | EFFECTS_ON_RECORD
TRIES = 40
BURSTS = 25


@pytest.fixture
def restored(admin: Person) -> Iterator[None]:
    """Leave the site as the other tests expect it."""
    yield
    save(admin)


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

    save(admin, mcp_server_enabled=None)

    for answer in _answers_of_every_worker(site, tokens.access):
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert answer.headers["Retry-After"] == "60"
    refused = client.refresh(tokens.refresh)
    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    save(admin)
    for answer in _answers_of_every_worker(site, tokens.access):
        assert answer.status_code == httpx.codes.OK
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK


def test_every_setting_is_tried() -> None:
    """None is left out: whoever adds a setting says here how it shows."""
    stored = {field.name for field in ConnectorSettings._meta.fields}

    assert EVERY_EFFECT.keys() == stored - {"id"}


def test_every_effect_is_that_of_its_own_setting() -> None:
    for name, effect in EVERY_EFFECT.items():
        assert name in effect.changes


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("name", EVERY_EFFECT)
def test_a_setting_counts_in_another_worker_from_its_next_request_on(
    site: Site, admin: Person, editor: Person, name: str
) -> None:
    effect = EVERY_EFFECT[name]
    look = effect.begin(site, admin, editor)
    before = look()

    saved = save(admin, **effect.changes)

    assert not before.is_changed
    assert _seen_elsewhere(look, than=worker_of(saved)).is_changed


def _seen_elsewhere(look: Look, *, than: str) -> Sight:
    """Look until other processes have shown it than the one that saved."""
    for _ in range(TRIES):
        sight = look()
        if than not in sight.processes:
            return sight
    raise AssertionError("No other worker answered.")


@pytest.mark.usefixtures("restored")
def test_a_lifetime_is_that_of_the_next_token_in_whatever_worker(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site, "Timed")
    tokens = client.tokens(editor)

    save(admin, access_token_lifetime="120")

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
