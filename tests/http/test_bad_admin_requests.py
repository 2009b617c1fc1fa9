"""Bad input at the administrator's pages: a page that says so, never a 500."""

from __future__ import annotations

import uuid

import httpx
import pytest

from tests.http.admin_pages import GRID, user_pk
from tests.http.person import Person, Refused, form_for


def test_a_token_that_is_not_there_is_not_found(admin: Person) -> None:
    pk = user_pk(admin, "editor")

    for public_id in (uuid.uuid4(), "x", "%00"):
        answer = admin.get(f"{GRID}{pk}/tokens/{public_id}/revoke/")
        assert answer.status_code in {400, 404}


def test_the_account_page_is_for_whoever_signed_in(editor: Person) -> None:
    page = editor.get(f"{GRID}account/")

    assert page.status_code == httpx.codes.OK
    with pytest.raises(Refused):
        form_for(page, field="access", value="enabled")
