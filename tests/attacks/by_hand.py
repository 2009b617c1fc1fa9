"""What a person does beside the pages: forms that none offers, and their own key."""

from __future__ import annotations

import httpx

from panel.agent.forms import form_with
from tests.http.hand import run_sql
from tests.http.person import Person
from tests.http.server import Site


def post_by_hand(person: Person, url: str, **fields: str | list[str]) -> httpx.Response:
    """Post with a good CSRF token, whether or not a page offers the form."""
    page = person.get("/admin/password_change/")
    form = form_with(page.text, "old_password")
    assert form is not None
    token = form.fields["csrfmiddlewaretoken"]
    return person.browser.post(
        url,
        data={"csrfmiddlewaretoken": token, **fields},
        headers={"Referer": str(page.url)},
    )


def pk_of(site: Site, person: Person) -> int:
    query = "SELECT id FROM auth_user WHERE username = ?"
    [[pk]] = run_sql(site, query, person.username)
    return int(pk)
