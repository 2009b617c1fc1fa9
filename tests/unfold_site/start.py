"""Bring the host project up: a fresh database, an administrator, a connected user."""

from __future__ import annotations

import os
from typing import NamedTuple

import django
from django.core.management import call_command
from django.test import Client as Browser
from django.test.utils import setup_test_environment

GRID = "/admin/agent_connector/mcpuser/"


class World(NamedTuple):
    """What there is to look at."""

    browser: Browser
    """The administrator has signed in to it."""

    jane: int
    """The key of a user with connections."""

    client: int

    def screens(self) -> dict[str, str]:
        """Return address and main word of every screen."""
        lists, jane = "/admin/agent_connector/", f"{GRID}{self.jane}/"
        return {
            f"/admin/auth/user/{self.jane}/change/": "MCP Info",
            f"{jane}info/": "AI Client Configuration",
            GRID: "Jane Doe",
            f"{GRID}account/": "Connection summary",
            f"{jane}tokens/": "Claude Code",
            f"{jane}access/": "Your Current Admin Password",
            f"{jane}revoke/": "Revoke All Tokens",
            f"{lists}client/": "Claude Code",
            f"{lists}toolcall/": "No tool call yet",
            f"{lists}client/{self.client}/": "Redirect Addresses",
            f"{lists}connectorsettings/": "Enable MCP Server",
            f"{lists}client/{self.client}/block/": "Block",
        }


def start(settings: str = "tests.unfold_site.settings") -> World:
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    django.setup()
    setup_test_environment()
    call_command("check", fail_level="WARNING", verbosity=0)
    call_command("migrate", verbosity=0)
    from tests.factories import (  # noqa: PLC0415  # they need the apps
        make_admin,
        make_client,
        make_connection,
        make_user,
    )

    browser = Browser()
    browser.force_login(make_admin("root"))
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    client = make_client("Claude Code", host="claude.ai")
    make_connection(jane, client)
    return World(browser=browser, jane=jane.pk, client=client.pk)
