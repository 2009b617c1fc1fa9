"""Settings: saved with a word and a record, by those who may, and never half."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from agent_connector.models import ConnectorSettings, Event
from agent_connector.policy.settings import read_settings
from tests.factories import make_admin, make_user
from tests.screens import VIEW, messages_in, signed_in, text_of
from tests.unit.admin.test_settings_form import SOUND

pytestmark = pytest.mark.django_db
PAGE = "/admin/agent_connector/connectorsettings/"


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def save(browser: Client, **values: str | None) -> Any:
    sent = {**SOUND, **values}
    given = {name: value for name, value in sent.items() if value is not None}
    return browser.post(PAGE, given, follow=True)


def test_the_page_explains_each_setting_in_its_group(browser: Client) -> None:
    text = text_of(browser.get(PAGE))

    assert "General" in text
    assert "Authentication" in text
    for label in ("Enable MCP Server", "Agents may change data", "days", "seconds"):
        assert label in text


def test_looking_stores_nothing(browser: Client) -> None:
    browser.get(PAGE)

    assert not ConnectorSettings.objects.exists()


def test_a_change_is_in_force_said_and_on_record(browser: Client) -> None:
    done = save(browser, mcp_server_enabled=None, access_token_lifetime="300")

    assert messages_in(done) == ["Settings saved. They count from the next request on."]
    assert "The MCP server is switched off" in text_of(done)
    assert not read_settings().mcp_server_enabled
    assert read_settings().access_token_lifetime == timedelta(seconds=300)
    event = Event.objects.get()
    assert (event.kind, str(event.actor)) == ("settings_changed", "root")
    assert "mcp_server_enabled: on → off" in event.detail
    assert "access_token_lifetime: 3600 s → 300 s" in event.detail


def test_read_only_is_said_on_the_page(browser: Client) -> None:
    done = save(browser, agents_may_change_data=None)

    assert "Agents can only read" in text_of(done)


def test_nothing_changed_is_no_event(browser: Client) -> None:
    done = save(browser)

    assert "Nothing was changed" in messages_in(done)[0]
    assert not Event.objects.exists()


def test_one_wrong_value_saves_none_and_is_explained(browser: Client) -> None:
    page = save(browser, mcp_server_enabled=None, authorization_code_lifetime="9999")

    text = text_of(page)
    assert "Nothing was saved." in text
    assert "less than or equal to 600" in text
    assert 'aria-invalid="true"' in page.content.decode()
    assert read_settings().mcp_server_enabled
    assert not Event.objects.exists()


def test_what_code_sets_is_shown_locked_with_the_reason(
    browser: Client, settings: Any
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "DYNAMIC_CLIENT_REGISTRATION": False,
    }

    page = browser.get(PAGE)
    save(browser, dynamic_client_registration="on")

    assert "Locked Set in this site's code, in AGENT_CONNECTOR[\" DYNAMIC" in (
        text_of(page).replace('["D', '[" D')
    )
    assert not read_settings().dynamic_client_registration


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_permission_there_is_nothing(method: str) -> None:
    nobody = signed_in(make_user(permissions=(VIEW,)))

    assert getattr(nobody, method)(PAGE).status_code == 403
    assert PAGE not in nobody.get("/admin/").content.decode()
    assert not ConnectorSettings.objects.exists()


def test_the_permission_is_enough() -> None:
    keeper = signed_in(
        make_user(permissions=("agent_connector.change_connectorsettings",))
    )

    assert keeper.get(PAGE).status_code == 200
    assert messages_in(save(keeper, agents_may_change_data=None))


@pytest.mark.parametrize("path", ["add/", "1/", "1/change/", "1/delete/"])
def test_there_is_no_other_page(browser: Client, path: str) -> None:
    assert browser.get(PAGE + path).status_code == 404
