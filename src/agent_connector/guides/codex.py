"""OpenAI Codex: the command line client and the editor extension of OpenAI."""

from __future__ import annotations

import json

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import (
    FROM_VARIABLE,
    SIGN_IN,
    Guide,
    Manual,
    Server,
    as_command,
)


def _command(server: Server) -> str:
    return as_command("codex", "mcp", "add", server.name, "--url", server.url)


def _file(server: Server) -> str:
    # A JSON string is a TOML basic string too.
    return f"[mcp_servers.{server.name}]\nurl = {json.dumps(server.url)}"


def _with_token(server: Server) -> str:
    return f'{_file(server)}\nbearer_token_env_var = "{server.token_variable}"'


GUIDE = Guide(
    key="codex",
    title="OpenAI Codex",
    command=_command,
    steps=(_("Run the command in a terminal; it signs in at once."),),
    manual=Manual(
        path="~/.codex/config.toml",
        place=_("Then run codex mcp login with the server's name."),
        text=_file,
    ),
    personal=Manual(path="~/.codex/config.toml", text=_with_token, place=FROM_VARIABLE),
    expect=(SIGN_IN, _("Afterwards codex mcp list shows OAuth for this server.")),
    notes=(_("The editor extension reads the same file."),),
    has_document=True,
)
