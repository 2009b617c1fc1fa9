"""The settings in force: code over row over default, and never a moment late."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from agent_connector.conf import Conf
from agent_connector.models import Client, ConnectorSettings
from agent_connector.policy.settings import (
    NAMES,
    is_locked,
    read_settings,
    setting_on,
    with_settings,
)
from tests.factories import make_client
from tests.statements import statements

pytestmark = pytest.mark.django_db
LIFETIME = "access_token_lifetime"


def _read_with(*names: str) -> Client:
    make_client()
    return with_settings(Client.objects.all(), *names).get()


def test_without_a_row_the_defaults_count() -> None:
    conf = Conf()

    assert asdict(read_settings()) == {name: getattr(conf, name) for name in NAMES}


def test_the_row_counts_over_the_defaults_from_the_next_question_on() -> None:
    before = read_settings()
    ConnectorSettings.objects.create(access_token_lifetime=timedelta(minutes=5))

    assert before.access_token_lifetime == timedelta(hours=1)
    assert read_settings().access_token_lifetime == timedelta(minutes=5)


def test_what_code_sets_wins_and_is_locked(settings: Any) -> None:
    ConnectorSettings.objects.create(mcp_server_enabled=False)
    assert not is_locked("mcp_server_enabled")

    settings.AGENT_CONNECTOR = {"MCP_SERVER_ENABLED": True}

    assert read_settings().mcp_server_enabled
    assert is_locked("mcp_server_enabled")
    assert not is_locked(LIFETIME)


def test_a_default_that_code_repeats_is_locked_too(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {"ACCESS_TOKEN_LIFETIME": timedelta(hours=1)}
    ConnectorSettings.objects.create(access_token_lifetime=timedelta(minutes=5))

    assert read_settings().access_token_lifetime == timedelta(hours=1)
    assert setting_on(_read_with(LIFETIME), LIFETIME) == timedelta(hours=1)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_can_be_read_with_a_row_in_its_statement(name: str) -> None:
    make_client()

    with statements() as seen:
        row = with_settings(Client.objects.all(), name).get()

    assert setting_on(row, name) == getattr(Conf(), name)
    assert len(seen) == 1


def test_what_is_read_with_a_row_is_what_is_stored() -> None:
    ConnectorSettings.objects.create(
        mcp_server_enabled=False, access_token_lifetime=timedelta(minutes=5)
    )

    row = _read_with("mcp_server_enabled", LIFETIME)

    assert setting_on(row, "mcp_server_enabled") is False
    assert setting_on(row, LIFETIME) == timedelta(minutes=5)


def test_a_setting_that_was_not_read_is_not_guessed() -> None:
    with pytest.raises(AttributeError):
        setting_on(_read_with(LIFETIME), "connection_lifetime")
