"""The host's History pages say which agent made a change, and lead to its call."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory

from agent_connector.admin.history_page import name_agents
from panel.shop.models import Product
from tests.callers import call, last_call, make_caller
from tests.factories import make_admin, make_user
from tests.panel.shop import make_product
from tests.screens import signed_in, text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db

CALLS = "agent_connector.view_toolcall"


def changed_by_jane() -> Product:
    jane = make_user("jane", first_name="Jane", last_name="Doe", is_superuser=True)
    kettle = make_product("Kettle")
    values = {"price": "9.99"}
    call(
        make_caller(jane),
        "update_record",
        model="shop.product",
        id=kettle.pk,
        values=values,
    )
    return kettle


def history(user: User, record: Product) -> Any:
    return signed_in(user).get(f"/admin/shop/product/{record.pk}/history/")


def test_an_agents_entry_says_by_what_and_for_whom_and_leads_to_its_call() -> None:
    kettle = changed_by_jane()

    page = history(make_admin(), kettle)

    told = "Changed Price. Via Claude Code. Changed by Claude Code for Jane Doe"
    assert told in text_of(page)
    link = f"/admin/agent_connector/toolcall/{last_call().pk}/"
    assert f'<a href="{link}">' in page.content.decode()
    assert signed_in(make_admin("other")).get(link).status_code == 200


def test_who_may_not_see_calls_reads_the_same_without_a_link() -> None:
    kettle = changed_by_jane()
    reader = make_user(permissions=("shop.view_product",))

    page = history(reader, kettle)

    assert "Changed by Claude Code for Jane Doe" in text_of(page)
    assert "/toolcall/" not in page.content.decode()


def test_what_an_agent_added_says_so() -> None:
    caller = make_caller(make_user("jane", is_superuser=True))
    like = make_product()
    values = {"name": "Pot", "sku": "POT-0001", "price": "1.00", "stock": 0}
    values |= {"category": str(like.category_id), "reorder_level": 1}
    call(caller, "create_record", model="shop.product", values=values)

    page = history(make_admin(), Product.objects.get(name="Pot"))

    assert "Added by Claude Code for jane" in text_of(page)


def test_a_text_that_says_so_itself_is_not_believed() -> None:
    kettle, admin = make_product(), make_admin()
    LogEntry.objects.log_actions(
        admin.pk, [kettle], CHANGE, "Sold. Via Claude Code.<br><a href='/x'>Call</a>"
    )

    page = history(admin, kettle)

    assert "Sold. Via Claude Code.&lt;br&gt;" in page.content.decode()
    assert "Changed by" not in text_of(page)


def test_what_an_agents_entry_says_is_text_and_never_markup() -> None:
    kettle = changed_by_jane()
    LogEntry.objects.update(change_message="<b>Sold</b> {x}")

    page = history(make_admin(), kettle)

    assert "&lt;b&gt;Sold&lt;/b&gt; {x}<br><a" in page.content.decode()


def test_the_name_of_a_client_is_text_and_never_markup() -> None:
    kettle = changed_by_jane()
    last_call().__class__.objects.update(client_name="<script>")

    page = history(make_admin(), kettle)

    assert "Changed by &lt;script&gt; for Jane Doe" in page.content.decode()


def test_a_history_costs_one_statement_more_whatever_its_length() -> None:
    kettle, jane = changed_by_jane(), User.objects.get(username="jane")
    browser, page = signed_in(make_admin()), f"/admin/shop/product/{kettle.pk}/history/"
    browser.get(page)
    caller = make_caller(jane)

    with statements() as short:
        browser.get(page)
    for price in range(5):
        values = {"price": f"{price + 1}.00"}
        about = {"model": "shop.product", "id": kettle.pk}
        call(caller, "update_record", **about, values=values)
    with statements() as long:
        browser.get(page)

    assert len(long) == len(short)
    assert len([one for one in long if "changedrecord" in one]) == 1


def test_what_is_no_history_is_left_alone() -> None:
    request = RequestFactory().get("/")
    request.user = make_admin()
    entry = LogEntry(content_type=ContentType.objects.first(), object_id="1")
    odd = TemplateResponse(request, "x.html", {"action_list": ["no entry", entry]})

    for answer in (HttpResponse("x"), TemplateResponse(request, "x.html", {}), odd):
        name_agents(request, answer, site_name="admin")

    assert "get_change_message" not in vars(entry)
