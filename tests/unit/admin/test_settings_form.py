"""Each setting typed and judged, and locked where code sets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agent_connector.admin.settings_form import SettingsForm
from agent_connector.models import ConnectorSettings
from agent_connector.policy.settings import NAMES, read_settings

pytestmark = pytest.mark.django_db
SOUND = {
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


def form_with(**values: str) -> SettingsForm:
    return SettingsForm({**SOUND, **values}, in_force=read_settings())


def test_every_setting_is_on_the_page_once() -> None:
    form = SettingsForm(in_force=read_settings())

    shown = [row.field.name for section in form.sections for row in section.rows]

    assert sorted(shown) == sorted(NAMES)
    assert set(form.fields) == set(NAMES)


def test_the_defaults_sent_back_change_nothing() -> None:
    form = form_with()

    assert form.is_valid()
    assert form.changes() == {}


def test_only_what_is_in_seconds_needs_words() -> None:
    form = SettingsForm(in_force=read_settings())

    told = {row.field.name: row.meaning for part in form.sections for row in part.rows}

    assert {name: words for name, words in told.items() if words} == {
        "access_token_lifetime": "1 hour",
        "refresh_token_lifetime": "30 days",
        "authorization_code_lifetime": "1 minute",
    }


def test_the_grace_may_be_switched_off() -> None:
    form = form_with(refresh_grace="0")

    assert form.is_valid()
    form.store(ConnectorSettings())
    assert read_settings().refresh_grace == timedelta(0)


def test_a_changed_value_is_stored_in_its_unit() -> None:
    form = form_with(access_token_lifetime="300", connection_lifetime="90")
    row = ConnectorSettings()

    assert form.is_valid()
    form.store(row)

    row.refresh_from_db()
    assert row.access_token_lifetime == timedelta(minutes=5)
    assert row.connection_lifetime == timedelta(days=90)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access_token_lifetime", ""),
        ("access_token_lifetime", "an hour"),
        ("access_token_lifetime", "59"),
        ("access_token_lifetime", "1.5"),
        ("refresh_token_lifetime", "-1"),
        ("refresh_token_lifetime", "99999999999999999999"),
        ("connection_lifetime", "0"),
        ("connection_lifetime", "3651"),
        ("authorization_code_lifetime", "601"),
        ("authorization_code_lifetime", "9"),
        ("refresh_grace", "-1"),
        ("refresh_grace", "301"),
        ("personal_access_token_lifetime", "0"),
        ("personal_access_token_lifetime", "366"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(name: str, value: str) -> None:
    form = form_with(**{name: value})

    assert not form.is_valid()
    assert list(form.errors) == [name]


@pytest.mark.parametrize(
    ("values", "culprit"),
    [
        (
            {"access_token_lifetime": "7200", "refresh_token_lifetime": "3600"},
            "access_token_lifetime",
        ),
        ({"connection_lifetime": "29"}, "refresh_token_lifetime"),
    ],
)
def test_what_outlasts_what_it_belongs_to_is_refused(
    values: dict[str, str], culprit: str
) -> None:
    form = form_with(**values)

    assert not form.is_valid()
    assert list(form.errors) == [culprit]


def test_a_locked_value_is_shown_and_nothing_sent_changes_it(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {
        "ACCESS_TOKEN_LIFETIME": timedelta(minutes=2),
        "MCP_SERVER_ENABLED": True,
    }
    form = form_with(access_token_lifetime="500", mcp_server_enabled="")

    assert form.is_valid()
    assert form.changes() == {}
    assert 'value="120"' in str(form["access_token_lifetime"])
    locks = [row.lock for section in form.sections for row in section.rows if row.lock]
    assert locks == ["MCP_SERVER_ENABLED", "ACCESS_TOKEN_LIFETIME"]


def test_against_a_locked_value_the_open_one_is_to_be_changed(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {"REFRESH_TOKEN_LIFETIME": timedelta(days=60)}
    form = form_with(connection_lifetime="30")

    assert not form.is_valid()
    assert list(form.errors) == ["connection_lifetime"]
