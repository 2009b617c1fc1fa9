"""What scripts add to lists: nothing chosen is lost, nothing found is said."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from tests.factories import make_user
from tests.screens import GRID

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_submit_without_an_action_keeps_the_selection(page: Page, root: User) -> None:
    del root
    make_user("jane")
    page.goto(f"{GRID}?q=jane")
    page.locator(".action-select").check()

    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".action-select")).to_be_checked()
    expect(page.get_by_role("combobox", name="Actions")).to_be_focused()
    page.get_by_role("combobox", name="Actions").select_option("revoke")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Revoke tokens of several users"
    )


def test_all_rows_can_be_selected_on_a_phone(page: Page, root: User) -> None:
    del root
    make_user("jane")
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(GRID)

    page.get_by_text("Select all objects on this page").click()

    for box in page.locator(".action-select").all():
        expect(box).to_be_checked()


def test_to_find_no_model_is_said(page: Page, root: User) -> None:
    del root
    role = Group.objects.create(name="Packers")
    page.goto(f"/admin/auth/group/{role.pk}/change/")
    page.get_by_role("link", name="MCP", exact=True).click()

    page.get_by_label("Find a model").fill("no such")
    expect(page.get_by_text("No model matches.")).to_be_visible()
    page.get_by_label("Find a model").fill("product")
    expect(page.get_by_text("No model matches.")).to_have_count(0)
    expect(page.get_by_label("shop.product").first).to_be_visible()
