"""The protocol's own conformance package judges the authorization server."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.acceptance.machine import Machine
from tests.http.server import Site

pytestmark = pytest.mark.acceptance

SCENARIOS = ("authorization-server-metadata-endpoint", "authorization-code-grant")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _register(site: Site, redirect_uri: str) -> str:
    answer = httpx.post(
        f"{site.url}/mcp/oauth/register",
        json={
            "client_name": "Conformance",
            "redirect_uris": [redirect_uri],
            "token_endpoint_auth_method": "none",
        },
    )
    return str(answer.json()["client_id"])


def test_the_authorization_server_passes_both_scenarios(
    site: Site, machine: Machine
) -> None:
    port = _free_port()
    client_id = _register(site, f"http://127.0.0.1:{port}/callback")

    def open_link(line: str) -> None:
        if line.startswith(f"{site.url}/mcp/oauth/authorize?"):
            machine.open(line.strip())

    output = machine.run(
        *("conformance", "authorization", "--url", site.url),
        *("--client-id", client_id, "--port", str(port)),
        *("--resource", site.mcp_url),
        watch=open_link,
    )

    for scenario in SCENARIOS:
        assert f"{scenario}: 1 passed, 0 failed" in output, output
    assert "Total: 2 passed, 0 failed" in output
