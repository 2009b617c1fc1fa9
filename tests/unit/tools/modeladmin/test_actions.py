"""Only what the list offers this user can be run, and exactly as its button does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.actions import (
    Action,
    Run,
    find_action,
    press_button,
    send,
)
from agent_connector.tools.modeladmin.chosen import AllMatching, choose, list_request
from agent_connector.tools.modeladmin.links import admin_site
from panel.shop.models import Category, Order
from tests.callers import make_caller, use_admin
from tests.panel.shop import make_category, make_order

pytestmark = pytest.mark.django_db


def make_run(name: str = "mark_as_shipped", **chosen: Any) -> Run:
    caller, order_admin = make_caller(), admin_site().get_model_admin(Order)
    wanted: dict[str, Any] = {"ids": [], "all_matching": msgspec.UNSET, **chosen}
    return Run(
        caller=caller,
        model_admin=order_admin,
        action=Action(name=name, label="Ship", function=None),
        chosen=choose(caller, order_admin, **wanted),
        versions={},
    )


def test_an_action_is_found_with_the_label_of_the_menu() -> None:
    order_admin = admin_site().get_model_admin(Order)
    request = list_request(make_caller(), order_admin)

    action = find_action(order_admin, request, "mark_as_shipped")

    assert action.label == "Mark as shipped"


def test_a_misspelt_action_is_told_with_those_that_there_are() -> None:
    order_admin = admin_site().get_model_admin(Order)
    request = list_request(make_caller(), order_admin)

    with pytest.raises(ToolFailed, match="`mark_as_shipped`") as failure:
        find_action(order_admin, request, "mark_as_shiped")

    assert failure.value.allowed == ["mark_as_shipped"]


def test_a_menu_that_asks_for_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithPrice(ActionForm):
        price = forms.DecimalField()

    @admin.action
    def discount(*_: Any) -> None:
        """Never run."""

    kind = {"actions": [discount], "action_form": WithPrice}
    category_admin = use_admin(
        monkeypatch, Category, type("Priced", (admin.ModelAdmin,), kind)
    )
    request = list_request(make_caller(), category_admin)

    with pytest.raises(ToolFailed, match="price"):
        find_action(category_admin, request, "discount")


def test_the_label_of_newer_djangos_is_an_attribute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    category_admin = use_admin(monkeypatch, Category, admin.ModelAdmin)
    newer = SimpleNamespace(
        plural_description="Sort %(verbose_name_plural)s", func=None
    )
    monkeypatch.setattr(category_admin, "get_actions", lambda _request: {"sort": newer})
    request = list_request(make_caller(), category_admin)

    assert find_action(category_admin, request, "sort").label == "Sort categories"


def test_the_button_sends_what_the_page_sends() -> None:
    first, second = make_order(), make_order()

    chosen = press_button(make_run(ids=[first.pk, second.pk]))
    across = press_button(make_run(all_matching=AllMatching()))

    boxes = {("_selected_action", str(one.pk)) for one in (first, second)}
    assert set(chosen) == boxes | {
        ("action", "mark_as_shipped"),
        ("select_across", "0"),
        ("index", "0"),
    }
    assert ("select_across", "1") in across


def test_what_is_sent_reaches_only_what_was_chosen() -> None:
    chosen, other = make_order(), make_order()
    run = make_run(ids=[chosen.pk])

    request, _response = send(run, [*press_button(run), ("select_across", "1")])

    assert request.said == ["1 order marked as shipped."]
    other.refresh_from_db()
    assert other.status == Order.Status.PAID


def test_what_the_admin_does_not_run_is_a_failure_in_its_own_words() -> None:
    run = make_run("forged", ids=[make_order().pk])

    with pytest.raises(ToolFailed, match=r"No action selected\."):
        send(run, press_button(run))


def test_the_confirmation_of_answers_is_not_that_of_the_action() -> None:
    make_category()
    run = make_run(ids=[make_order().pk])

    assert run.act() != run.act(answered=True)
    assert run.act() == run.act()
