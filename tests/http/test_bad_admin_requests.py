"""Bad input at the administrator's pages: a page that says so, never a 500."""

from __future__ import annotations

import uuid

import httpx
import pytest

from tests.http.admin_pages import GRID, token_rows, user_pk
from tests.http.person import Person, Refused, form_for
from tests.http.server import Site
from tests.http.wire import post_call, register


@pytest.mark.parametrize(
    "query",
    [
        "p=99999999999999999999",
        "p=-1",
        "o=99.-99.x",
        "q=%00",
        "q=%ff",
        "password__startswith=a",
        "mcp_connections__tokens__digest=a",
        "access=magic",
        "added_from=yesterday&used_to=31.02.2026",
        "e=1",
    ],
)
def test_a_strange_address_of_the_grid_shows_some_page(
    admin: Person, query: str
) -> None:
    assert admin.get(f"{GRID}?{query}").status_code in {200, 400, 404}


@pytest.mark.parametrize("screen", ["info", "access", "tokens", "revoke"])
@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "x", "%00", "-1"])
def test_a_user_who_is_not_there_is_not_found(
    admin: Person, screen: str, pk: str
) -> None:
    answer = admin.get(f"{GRID}{pk}/{screen}/")

    assert answer.status_code in {400, 404}


def test_a_token_that_is_not_there_is_not_found(admin: Person) -> None:
    pk = user_pk(admin, "editor")

    for public_id in (uuid.uuid4(), "x", "%00"):
        answer = admin.get(f"{GRID}{pk}/tokens/{public_id}/revoke/")
        assert answer.status_code in {400, 404}


@pytest.mark.parametrize(
    "changes",
    [
        {"access": "disabled", "password": "not hers"},
        {"access": "disabled", "password": ""},
        {"access": "disabled", "password": "\x00"},
        {"access": "magic", "password": "not hers"},
    ],
    ids=str,
)
def test_a_wrong_password_or_choice_changes_nothing(
    site: Site, admin: Person, editor: Person, changes: dict[str, str]
) -> None:
    client = register(site)
    tokens = client.tokens(editor)
    page = admin.get(f"{GRID}{user_pk(admin, 'editor')}/info/")
    form = form_for(page, field="access", value="disabled")

    answer = admin.submit(page, form, **changes)

    assert answer.status_code in {200, 400, 403, 422, 429}
    assert post_call(client.site, tokens.access).status_code == httpx.codes.OK


def test_a_look_at_the_confirmation_changes_nothing(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site, "Only looked at")
    tokens = client.tokens(editor)
    pk = user_pk(admin, "editor")
    [row] = [row for row in token_rows(admin, "editor") if "Only looked" in row.text]

    for address in (f"{GRID}{pk}/revoke/", *row.links):
        admin.get(address)

    assert post_call(client.site, tokens.access).status_code == httpx.codes.OK


def test_staff_without_permission_see_nobody_else(
    editor: Person, admin: Person
) -> None:
    pk = user_pk(admin, "viewer")

    for screen in ("", f"{pk}/info/", f"{pk}/tokens/", f"{pk}/revoke/"):
        assert editor.get(f"{GRID}{screen}").status_code in {403, 404}


def test_a_form_without_its_csrf_token_is_refused(admin: Person) -> None:
    pk = user_pk(admin, "editor")

    for screen in ("access", "revoke"):
        answer = admin.browser.post(
            f"{GRID}{pk}/{screen}/", data={"confirm": "yes", "access": "disabled"}
        )
        assert answer.status_code == httpx.codes.FORBIDDEN


def test_the_account_page_is_for_whoever_signed_in(editor: Person) -> None:
    page = editor.get(f"{GRID}account/")

    assert page.status_code == httpx.codes.OK
    with pytest.raises(Refused):
        form_for(page, field="access", value="enabled")
