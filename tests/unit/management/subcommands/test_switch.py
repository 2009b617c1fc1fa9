"""The switches work from a shell, and count from the next request on."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from agent_connector.models import Event
from agent_connector.policy.settings import read_settings
from tests.commands import run
from tests.factories import make_admin

pytestmark = pytest.mark.django_db


def test_both_are_shown_with_where_they_are_set(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **django_settings.AGENT_CONNECTOR,
        "AGENTS_MAY_CHANGE_DATA": False,
    }

    assert run("switch", "--json").document == [
        {"switch": "server", "state": "on", "set_in": "database"},
        {"switch": "changes", "state": "off", "set_in": "code"},
    ]


@pytest.mark.parametrize(
    ("which", "name"),
    [("server", "mcp_server_enabled"), ("changes", "agents_may_change_data")],
)
def test_a_switch_is_set_on_record(which: str, name: str) -> None:
    root = make_admin("root")

    ran = run("switch", which, "off", "--as", "root")

    assert (ran.code, ran.out) == (0, f"{which} is off from the next request on.\n")
    assert getattr(read_settings(), name) is False
    event = Event.objects.get()
    assert (event.kind, event.actor) == (Event.Kind.SETTINGS_CHANGED, root)
    assert event.detail == f"{name}: on → off; manage.py agent_connector switch"
    assert run("switch", which, "off").out == f"{which} is off already.\n"
    assert run("switch", which, "on").code == 0
    assert getattr(read_settings(), name) is True


def test_a_dry_run_sets_nothing() -> None:
    assert run("switch", "server", "off", "--dry-run").out == "server would be off.\n"
    assert read_settings().mcp_server_enabled
    assert not Event.objects.exists()


def test_what_code_sets_is_refused(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **django_settings.AGENT_CONNECTOR,
        "MCP_SERVER_ENABLED": True,
    }

    ran = run("switch", "server", "off")

    assert (ran.code, ran.out) == (1, "")
    assert "AGENT_CONNECTOR['MCP_SERVER_ENABLED'] sets it" in ran.err
    assert not Event.objects.exists()
