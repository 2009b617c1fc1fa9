"""Other people's clients connect, list, call, and notice when they are cut off."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from panel.agent.forms import form_with
from tests.acceptance.machine import Machine
from tests.http.admin_pages import revoke_all, token_rows
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import at_once

pytestmark = pytest.mark.acceptance

LEAST_SECONDS = 60
"""The shortest access token lifetime that Settings takes."""

TOOLS = (
    "whoami",
    "list_models",
    "describe_model",
    "search_records",
    "get_record",
    "lookup_choices",
    "get_history",
    "update_record",
)


def _as_listed(site: Site, client: str) -> str:
    """Return the Details row of the editor's client, as an administrator reads it."""
    with Person(site.url) as admin:
        admin.sign_in("admin")
        rows = token_rows(admin, "editor")
    return next((row.text for row in rows if client in row.text), "")


def _cut_off(site: Site) -> None:
    with Person(site.url) as admin:
        admin.sign_in("admin")
        revoke_all(admin, "editor")


def _inspect(machine: Machine, site: Site, *arguments: str, era: str) -> Any:
    output = machine.run(
        *("mcp-inspector", "--cli", "--server-url", site.mcp_url),
        *("--transport", "http", "--protocol-era", era),
        *("--format", "json", "-q", *arguments),
    )
    found = re.search(r"^\{.*^\}|^\{.*\}$", output, re.DOTALL | re.MULTILINE)
    assert found, output
    return json.loads(found[0])["result"]


@pytest.mark.parametrize("era", ["legacy", "auto"])
def test_mcp_inspector_signs_in_lists_and_calls(
    site: Site, machine: Machine, era: str
) -> None:
    listed = _inspect(machine, site, "--method", "tools/list", era=era)
    called = _inspect(
        machine,
        site,
        *("--method", "tools/call", "--tool-name", "search_records"),
        *("--tool-arg", "model=shop.product", "query=kettle"),
        era=era,
    )

    assert {tool["name"] for tool in listed["tools"]} >= set(TOOLS)
    assert "Enamel Kettle" in json.dumps(called)
    assert "Active" in _as_listed(site, "Inspector")


def test_claude_code_connects_and_sees_that_it_was_cut_off(
    site: Site, machine: Machine
) -> None:
    claude = "claude"
    machine.run(claude, "mcp", "add", "--transport", "http", "shop", site.mcp_url)
    before = machine.run(claude, "mcp", "list")
    machine.run(claude, "mcp", "login", "shop", terminal=True)
    during = machine.run(claude, "mcp", "list")
    row = _as_listed(site, "Claude Code")
    _cut_off(site)
    after = machine.run(claude, "mcp", "list")

    assert "Needs authentication" in before
    assert "Connected" in during
    assert "Active" in row
    assert "Needs authentication" in after


def test_mcp_remote_signs_in_and_lists(site: Site, machine: Machine) -> None:
    output = machine.run(
        "mcp-remote-client",
        site.mcp_url,
        "--allow-http",
        until='"name": "update_record"',
    )

    assert all(tool in output for tool in TOOLS), output
    assert "Active" in _as_listed(site, "MCP CLI Client")


def _ask_codex(machine: Machine) -> str:
    """Ask what Codex knows of its servers; it connects to say so."""
    return machine.run(
        *("codex", "app-server"),
        say=[
            {
                "id": 1,
                "method": "initialize",
                "params": {"clientInfo": {"name": "acceptance", "version": "1"}},
            },
            {"method": "initialized"},
            {"id": 2, "method": "mcpServerStatus/list", "params": {}},
        ],
        until='"id":2',
    )


def test_codex_connects_and_sees_that_it_was_cut_off(
    site: Site, machine: Machine
) -> None:
    machine.run("codex", "mcp", "add", "shop", "--url", site.mcp_url)
    listed = machine.run("codex", "mcp", "list")
    during = _ask_codex(machine)
    row = _as_listed(site, "Codex")
    _cut_off(site)
    after = _ask_codex(machine)

    assert "OAuth" in listed
    assert all(tool in during for tool in TOOLS), during
    assert "Active" in row
    assert '"authStatus":"notLoggedIn"' in after, after


def _set_access_lifetime(site: Site, seconds: int) -> None:
    with Person(site.url) as admin:
        page = admin.sign_in("admin").get("/admin/agent_connector/connectorsettings/")
        form = form_with(page.text, "access_token_lifetime")
        assert form is not None
        admin.submit(page, form, access_token_lifetime=str(seconds))


def test_two_processes_of_claude_code_refresh_at_once_and_both_stay_connected(
    site: Site, machine: Machine
) -> None:
    machine.run("claude", "mcp", "add", "--transport", "http", "shop", site.mcp_url)
    _set_access_lifetime(site, LEAST_SECONDS)
    machine.run("claude", "mcp", "login", "shop", terminal=True)
    time.sleep(LEAST_SECONDS + 1)  # the client itself has to see it expire

    both = at_once(2, lambda: machine.run("claude", "mcp", "list"))
    after = machine.run("claude", "mcp", "list")
    _set_access_lifetime(site, 3600)

    assert all("Connected" in output for output in [*both, after]), (both, after)
    assert "Active" in _as_listed(site, "Claude Code")
