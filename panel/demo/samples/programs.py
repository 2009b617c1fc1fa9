"""The AI clients that the sample staff use, as each one registers itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agent_connector.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A product, with the redirect addresses that its installations register."""

    name: str
    redirect_uris: tuple[str, ...]


SAMPLE_ID = "sample-"
"""How the client ids of samples begin; real ones are random."""

PROGRAMS = {
    "claude-code": Program(
        name="Claude Code", redirect_uris=("http://localhost:{port}/callback",)
    ),
    "claude": Program(
        name="Claude",
        redirect_uris=(
            "https://claude.ai/api/mcp/auth_callback",
            "https://claude.com/api/mcp/auth_callback",
        ),
    ),
    "chatgpt": Program(
        name="ChatGPT",
        redirect_uris=("https://chatgpt.com/connector_platform_oauth_redirect",),
    ),
    "codex": Program(name="Codex", redirect_uris=("http://127.0.0.1:{port}/callback",)),
    "gemini": Program(
        name="Gemini CLI", redirect_uris=("http://localhost:{port}/oauth/callback",)
    ),
    "cursor": Program(name="Cursor", redirect_uris=("http://localhost:8787/callback",)),
    "vscode": Program(
        name="Visual Studio Code",
        redirect_uris=(
            "https://vscode.dev/redirect",
            "https://insiders.vscode.dev/redirect",
            "http://127.0.0.1/",
            "http://127.0.0.1:33418/",
        ),
    ),
    "inspector": Program(
        name="MCP Inspector", redirect_uris=("http://localhost:6274/oauth/callback",)
    ),
}


def register_program(key: str, *, number: int, address: str, at: datetime) -> Client:
    """Return one installation of a program, unsaved, as dynamically registered."""
    program = PROGRAMS[key]
    port = 49152 + number * 37 % 16000
    return Client(
        client_id=f"{SAMPLE_ID}{key}-{number:03}",
        kind=Client.Kind.DYNAMIC,
        name=program.name,
        redirect_uris=[uri.format(port=port) for uri in program.redirect_uris],
        created_at=at,
        created_from=address,
        first_used_at=at,
        last_used_at=at,
    )
