"""The Settings page, filled in and saved as an administrator does."""

from __future__ import annotations

import httpx

from panel.agent.forms import form_with
from tests.http.person import Person
from tests.unit.admin.test_settings_form import SOUND

SETTINGS = "/admin/agent_connector/connectorsettings/"

# Programs call without pause in the tests over HTTP.
_SOUND = {**SOUND, "calls_per_minute": "0"}


def save(admin: Person, **changes: str | None) -> httpx.Response:
    """Fill in the page's own form, press Save, and return the answer to that."""
    page = admin.get(SETTINGS)
    form = form_with(page.text, "access_token_lifetime")
    assert form is not None
    values = {**_SOUND, **changes}
    for name in values.keys() & form.fields.keys():
        del form.fields[name]  # an unticked box is not sent
    given = {name: value for name, value in values.items() if value is not None}
    saved = admin.post(page, form, **given)
    assert saved.status_code == httpx.codes.FOUND, saved.text
    return saved
