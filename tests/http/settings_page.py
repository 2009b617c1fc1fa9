"""The Settings page, filled in and saved as an administrator does."""

from __future__ import annotations

import httpx

from panel.agent.forms import form_with
from tests.http.person import Person

SETTINGS = "/admin/agent_connector/connectorsettings/"

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
    "calls_per_minute": "0",
    "refused_calls_to_suspend": "50",
    "tool_call_retention": "90",
    "store_arguments": "on",
    "notify_new_connection": "on",
    "notify_reuse_alarm": "on",
    "notify_revoked_by_others": "on",
    "notify_expiring_token": "on",
}


def save(admin: Person, **changes: str | None) -> httpx.Response:
    """Fill in the page's own form, press Save, and return the answer to that."""
    page = admin.get(SETTINGS)
    form = form_with(page.text, "access_token_lifetime")
    assert form is not None
    values = {**SOUND, **changes}
    for name in values.keys() & form.fields.keys():
        del form.fields[name]  # an unticked box is not sent
    given = {name: value for name, value in values.items() if value is not None}
    saved = admin.post(page, form, **given)
    assert saved.status_code == httpx.codes.FOUND, saved.text
    return saved
