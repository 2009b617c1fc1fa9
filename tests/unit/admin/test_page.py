"""Render a page of ours inside the admin's own frame."""

from __future__ import annotations

import pytest

from tests.factories import make_admin, make_user
from tests.screens import ACCOUNT, VIEW, screen, signed_in

pytestmark = pytest.mark.django_db


def _trail(response: object) -> list[str]:
    return [str(crumb.label) for crumb in response.context["trail"]]  # type: ignore[attr-defined]


def test_the_tab_stands_below_all_users_and_the_others_below_the_grid() -> None:
    jane = make_user("jane")
    browser = signed_in(make_admin())

    tab = _trail(browser.get(screen("info", jane)))
    tokens = _trail(browser.get(screen("tokens", jane)))

    assert tab[-3:] == ["All Users", "jane", "MCP Info"]
    assert tokens[-3:] == ["MCP Users", "jane", "Token Details"]


def test_who_may_not_edit_users_comes_from_the_grid() -> None:
    jane = make_user("jane")

    page = signed_in(make_user(permissions=(VIEW,))).get(screen("info", jane))

    assert _trail(page)[-3:] == ["MCP Users", "jane", "MCP Info"]
    assert "User Info" not in page.content.decode()


def test_ones_own_pages_come_from_account_setting() -> None:
    user = make_user()
    browser = signed_in(user)

    assert _trail(browser.get(ACCOUNT)) == ["Account Setting"]
    assert _trail(browser.get(screen("tokens", user))) == [
        "Account Setting",
        "Token Details",
    ]


@pytest.mark.parametrize("name", ["info", "tokens", "access", "revoke"])
def test_no_page_needs_anything_inline(name: str) -> None:
    page = signed_in(make_admin()).get(screen(name, make_user())).content.decode()

    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page
    assert "<style" not in page


def test_a_pages_title_is_the_users_name_as_text_only() -> None:
    user = make_user("jane", first_name="<script>alert(1)</script>")

    page = signed_in(make_admin()).get(screen("info", user)).content.decode()

    assert "<script>alert" not in page
