"""Test fetch: what switches client ID metadata documents on, and nothing else does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from agent_connector.admin.document_trial import failure_text
from agent_connector.doctor.outbound import KNOWN_DOCUMENT
from agent_connector.models import Client as Program
from agent_connector.models import ConnectorSettings, Event
from agent_connector.oauth import document_client
from agent_connector.oauth.fetch import Fetched, FetchFailed, Reason, fresh_for
from agent_connector.policy.settings import read_settings
from tests.document_host import document
from tests.factories import make_admin, make_user
from tests.screens import messages_in, signed_in, text_of
from tests.unit.admin.test_settings_form import SOUND

pytestmark = pytest.mark.django_db
PAGE = "/admin/agent_connector/connectorsettings/"
TEST = PAGE + "test-fetch/"
NAME = "client_id_metadata_documents"


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the known document be there; returns the list of what was fetched."""
    return publish(monkeypatch, document(client_id=KNOWN_DOCUMENT))


def publish(monkeypatch: pytest.MonkeyPatch, members: dict[str, Any]) -> list[str]:
    asked: list[str] = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return Fetched(body=json.dumps(members).encode(), fresh_for=fresh_for(""))

    monkeypatch.setattr(document_client, "fetch", fetch)
    return asked


def is_on() -> bool:
    return read_settings().client_id_metadata_documents


def test_success_switches_it_on_says_so_and_is_on_record(
    browser: Client, published: list[str]
) -> None:
    done = browser.post(TEST, follow=True)

    assert messages_in(done)[0].startswith("The test succeeded.")
    assert is_on()
    assert published == [KNOWN_DOCUMENT]
    event = Event.objects.get()
    assert (event.kind, str(event.actor), event.detail) == (
        *("settings_changed", "root", f"{NAME}: off → on"),
    )
    assert not Program.objects.exists()


def test_success_while_it_is_on_changes_nothing(
    browser: Client, published: list[str]
) -> None:
    browser.post(TEST)
    browser.post(TEST)

    assert is_on()
    assert Event.objects.count() == 1


def test_failure_says_why_and_leaves_it_off(browser: Client) -> None:
    done = browser.post(TEST, follow=True)

    assert "this server does not find the host" in messages_in(done)[0]
    assert not is_on()
    assert not Event.objects.exists()


def test_a_document_of_somebody_else_is_no_success(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, document())

    done = browser.post(TEST, follow=True)

    assert "(client_id is not the address of the document.)" in messages_in(done)[0]
    assert not is_on()


@pytest.mark.parametrize("reason", list(Reason))
def test_every_way_to_fail_has_its_words(reason: Reason) -> None:
    text = failure_text(FetchFailed(reason, "404"))

    assert text.startswith("The test failed, and nothing was changed: ")
    assert text.endswith(" (404).")
    assert failure_text(FetchFailed(reason)) == text.replace(" (404)", "")


def test_the_form_switches_it_off_and_never_on(
    browser: Client, published: list[str]
) -> None:
    browser.post(PAGE, {**SOUND, NAME: "on"})
    assert not is_on()

    browser.post(TEST)
    browser.post(PAGE, {**SOUND, NAME: "on"})
    assert is_on()

    browser.post(PAGE, SOUND)
    assert not is_on()


def test_the_page_offers_the_test(browser: Client) -> None:
    page = browser.get(PAGE)

    assert "Test fetch" in text_of(page)
    assert f'title="{KNOWN_DOCUMENT}"' in page.content.decode()


def test_what_code_sets_is_neither_tested_nor_changed(
    browser: Client, published: list[str], settings: Any
) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, NAME.upper(): False}

    assert "Test fetch" not in text_of(browser.get(PAGE))
    done = browser.post(TEST, follow=True)

    assert "set in this site's code" in messages_in(done)[0]
    assert published == []
    assert not is_on()
    assert not ConnectorSettings.objects.exists()


@pytest.mark.parametrize(("is_staff", "status"), [(True, 403), (False, 302)])
def test_without_the_permission_nothing_is_fetched(
    published: list[str],
    is_staff: bool,  # noqa: FBT001  # a table
    status: int,
) -> None:
    nobody = signed_in(make_user(is_staff=is_staff))

    assert nobody.post(TEST).status_code == status
    assert published == []


def test_looking_at_the_address_and_a_post_without_csrf_token_fetch_nothing(
    browser: Client, published: list[str]
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_admin("other"))

    assert browser.get(TEST).status_code == 405
    assert strict.post(TEST).status_code == 403
    assert published == []
