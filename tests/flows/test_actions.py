"""The panel's actions, from an agent's first look to the History that people read."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from panel.shop.models import Order, Product
from tests.callers import use_admin
from tests.factories import make_user
from tests.panel.shop import make_order, make_product
from tests.wire import access_token, ask, ask_modern, call, json_of

pytestmark = pytest.mark.django_db


def make_editor() -> User:
    verbs = ("view", "change", "delete")
    models = ("order", "product")
    permissions = [f"shop.{verb}_{model}" for verb in verbs for model in models]
    return make_user(permissions=tuple(permissions))


def answer(token: str, tool: str, **arguments: Any) -> dict[str, Any]:
    result = json_of(call(token, tool, **arguments))["result"]
    assert not result["isError"], result
    content: dict[str, Any] = result["structuredContent"]
    return content


def history_page(user: User, record: Any) -> str:
    browser = Browser()
    browser.force_login(user)
    page = browser.get(
        reverse(f"admin:shop_{record._meta.model_name}_history", args=[record.pk])
    )
    return page.content.decode()


def test_an_order_is_shipped() -> None:
    editor, order = make_editor(), make_order()
    token = access_token(editor, level="delete")
    described = answer(token, "describe_model", model="shop.order")
    named = {"model": "shop.order", "action": "mark_as_shipped", "ids": [order.pk]}

    preview = answer(token, "preview_change", kind="action", **named)
    done = answer(token, "run_action", **named, confirm=preview["confirm"])

    assert "mark_as_shipped" in [one["name"] for one in described["actions"]]
    assert done["messages"] == ["1 order marked as shipped."]
    order.refresh_from_db()
    assert order.status == Order.Status.SHIPPED
    assert "Marked as shipped. Via Claude Code." in history_page(editor, order)


def test_products_are_restocked_through_the_form_in_between() -> None:
    editor, kettle = make_editor(), make_product("Kettle", stock=1)
    token = access_token(editor, level="delete")
    named = {
        "model": "shop.product",
        "action": "restock",
        "all_matching": {"query": "kettle"},
    }

    preview = answer(token, "preview_change", kind="action", **named)
    asked = answer(token, "run_action", **named, confirm=preview["confirm"])
    form = {asked["asks"][0]["name"]: 5}
    done = answer(token, "run_action", **named, form=form, confirm=asked["confirm"])

    assert done["messages"] == ["Added 5 pieces to 1 product."]
    assert Product.objects.get().stock == 6
    assert "Via Claude Code." in history_page(editor, kettle)


def test_an_order_is_deleted() -> None:
    order = make_order(lines=((1, "5.00"),))
    token = access_token(make_editor(), level="delete")
    named = {"model": "shop.order", "ids": [order.pk]}

    preview = answer(token, "preview_change", kind="delete", **named)
    done = answer(token, "delete_records", **named, confirm=preview["confirm"])

    assert done["counts"] == {"orders": 1, "order lines": 1}
    assert not Order.objects.exists()


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_of_an_action_is_a_resource_link_where_the_revision_has_them(
    monkeypatch: pytest.MonkeyPatch,
    has_links: bool,  # noqa: FBT001  # a parameter
) -> None:
    @admin.action(description="Print labels")
    def labels(*_: Any) -> HttpResponse:
        disposition = {"Content-Disposition": 'attachment; filename="labels.pdf"'}
        return HttpResponse(
            b"%PDF", content_type="application/pdf", headers=disposition
        )

    printing = type("Printing", (admin.ModelAdmin,), {"actions": [labels]})
    use_admin(monkeypatch, Order, printing)
    token = access_token(level="delete")
    named = {"model": "shop.order", "action": "labels", "ids": [make_order().pk]}
    confirm = answer(token, "preview_change", kind="action", **named)["confirm"]
    ask_as_client = ask_modern if has_links else ask

    result = json_of(
        ask_as_client(
            token,
            "tools/call",
            name="run_action",
            arguments={**named, "confirm": confirm},
        )
    )["result"]

    [text, *links] = result["content"]
    assert text["type"] == "text"
    link = {
        "type": "resource_link",
        "uri": result["structuredContent"]["url"],
        "name": "labels.pdf",
        "mimeType": "application/pdf",
    }
    assert links == ([link] if has_links else [])
