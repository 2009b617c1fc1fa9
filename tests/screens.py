"""Use the admin screens through Django's test client, and read what they say."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD

VIEW = "agent_connector.view_mcpuser"
CHANGE = "agent_connector.change_mcpaccess"
REVOKE = "agent_connector.revoke_connection"

GRID = "/admin/agent_connector/mcpuser/"
ACCOUNT = f"{GRID}account/"


def signed_in(user: User) -> Client:
    """Return a browser in which the user is signed in to the admin."""
    client = Client()
    client.force_login(user)
    return client


def screen(name: str, user: User, *more: object) -> str:
    return reverse(f"admin:agent_connector_mcpuser_{name}", args=[user.pk, *more])


def text_of(response: Any) -> str:
    """Return what the page says, its tags and surplus white space left out."""
    page = response.content.decode().replace("<wbr>", "")
    page = re.sub(
        r"<(script|style|nav class=\"sticky).*?</\1>", " ", page, flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def row_of(response: Any, user: User) -> str:
    """Return the HTML of the user's row in the grid."""
    rows = re.findall(r"<tr>.*?</tr>", response.content.decode(), flags=re.DOTALL)
    [row] = [row for row in rows if f"/mcpuser/{user.pk}/info/" in row]
    return str(row)


def names_in(response: Any) -> list[str]:
    """Return the users that the grid lists, in its order."""
    found = re.findall(r'class="aac-name"[^>]*>([^<]+)<', response.content.decode())
    return [html.unescape(name) for name in found]


def messages_in(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def set_access(
    client: Client, user: User, access: str, *, password: str = PASSWORD, **more: str
) -> Any:
    """Send the form MCP Access and follow where it leads."""
    form = {"access": access, "password": password, **more}
    return client.post(screen("access", user), form, follow=True)


def submit_action(
    client: Client, action: str | list[str], *users: User, **more: Any
) -> Any:
    """Select rows of the grid, choose from Actions, and Submit."""
    form = {"action": action, "index": "0", "_selected_action": [u.pk for u in users]}
    return client.post(more.pop("url", GRID), form | more)


def confirm_action(client: Client, action: str, *users: User, **more: Any) -> Any:
    """Confirm on the page that comes between, and follow where it leads."""
    url = more.pop("url", GRID)
    form = {"action": action, "_selected_action": [u.pk for u in users], **more}
    form["shown"] = shown_on(client.post(url, form))
    return client.post(url, {**form, "confirm": "yes"}, follow=True)


def shown_on(page: Any) -> str:
    """Return what the page between carries of the selection; "" where there is none."""
    found = re.search(r'name="shown" value="(\w+)"', page.content.decode())
    return found[1] if found else ""


def follow(client: Client, page: Any, words: str) -> Any:
    """Click the link that reads `words`, wherever on the page it stands."""
    found = re.findall(
        r"<a\b[^>]*?href=\"([^\"]*)\"[^>]*>(.*?)</a>", page.content.decode(), re.DOTALL
    )
    for address, inside in found:
        read = html.unescape(re.sub(r"<[^>]+>", "", inside)).strip()
        if read.partition(":")[0] == words:
            return client.get(html.unescape(address), follow=True)
    raise LookupError(f"no link reads {words!r}")


def calls(access_token: str) -> int:
    """Return the HTTP status that a client with this token gets for a tool call."""
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "whoami", "arguments": {}},
    }
    answer = Client().post(
        "/mcp",
        json.dumps(message),
        content_type="application/json",
        headers={
            "authorization": f"Bearer {access_token}",
            "accept": "application/json, text/event-stream",
            "mcp-protocol-version": "2025-06-18",
        },
    )
    return answer.status_code
