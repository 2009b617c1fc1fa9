"""A list asks for an action in words, under the name that the documentation has."""

from __future__ import annotations

import pytest
from django.contrib import admin

from agent_connector.admin.asks_for_action import AsksForAction
from panel.shop.models import Category
from tests.callers import use_admin
from tests.factories import make_admin
from tests.screens import signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/category/"


def test_the_dropdown_has_a_name_and_begins_with_a_prompt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_admin(monkeypatch, Category, AsksForAction)
    Category.objects.create(name="Tools")

    page = signed_in(make_admin()).get(LIST).content.decode()

    assert '<option value="" selected>Choose an action</option>' in page
    assert (
        "Actions" in page.partition('<select name="action"')[0].rpartition("<label")[2]
    )
    assert "---------" not in page


def test_what_may_be_chosen_is_what_any_list_offers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Category.objects.create(name="Tools")
    browser = signed_in(make_admin())

    offered = []
    for kind in (admin.ModelAdmin, AsksForAction):
        use_admin(monkeypatch, Category, kind)
        form = browser.get(LIST).context["action_form"]
        offered.append(form.fields["action"].choices[1:])

    plain, asking = offered
    assert asking == plain != []
