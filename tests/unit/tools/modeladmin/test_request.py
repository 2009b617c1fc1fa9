"""The request that a ModelAdmin sees: the real user, the real path, no cookies."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.contrib import messages
from django.utils import translation
from django.utils.html import format_html

from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import (
    MAX_MESSAGE_CHARACTERS,
    MAX_MESSAGES,
    AdminRequest,
    posted,
)
from agent_connector.tools.modeladmin.values import MORE
from tests.callers import make_caller

pytestmark = pytest.mark.django_db
PATH = "/admin/shop/product/"


def test_a_get_carries_user_path_query_and_address() -> None:
    caller = make_caller()

    request = AdminRequest(caller, path=PATH, query={"q": "a b", "tag": ["1", "2"]})

    assert request.user == caller.user
    assert (request.method, request.path) == ("GET", PATH)
    assert request.GET.getlist("tag") == ["1", "2"]
    assert request.META["REMOTE_ADDR"] == "192.0.2.9"
    assert request.resolver_match is not None
    assert request.resolver_match.url_name == "shop_product_changelist"
    assert request.COOKIES == {}


def test_a_form_makes_it_a_post() -> None:
    form = posted([("name", "Kettle"), ("tags", "1"), ("tags", "2")])

    request = AdminRequest(make_caller(), path=PATH, form=form)

    assert request.method == "POST"
    assert request.POST.getlist("tags") == ["1", "2"]


def test_addresses_are_built_on_the_sites_own() -> None:
    request = AdminRequest(make_caller(), path=PATH)

    assert request.build_absolute_uri("/x") == "http://127.0.0.1:8000/x"
    assert not request.is_secure()


def test_messages_of_the_admin_are_kept_for_the_answer() -> None:
    request = AdminRequest(make_caller(), path=PATH)

    messages.success(request, "Saved.")

    assert request.said == ["Saved."]


def test_messages_that_a_page_has_shown_are_kept_too() -> None:
    request = AdminRequest(make_caller(), path=PATH)
    messages.success(request, "Saved.")

    shown = [str(message) for message in messages.get_messages(request)]
    messages.info(request, "Sent.")

    assert shown == ["Saved."]
    assert request.said == ["Saved.", "Sent."]


def test_a_page_of_the_admin_can_be_made_for_it() -> None:
    request = AdminRequest(make_caller(), path=PATH, query={"q": "a b"})

    context = admin_site().each_context(request)

    assert context["has_permission"]
    assert request.get_full_path() == f"{PATH}?q=a+b"


def test_a_session_can_be_used_and_is_forgotten() -> None:
    request = AdminRequest(make_caller(), path=PATH)

    request.session["step"] = 2
    request.session.save()
    request.session.cycle_key()

    assert request.session["step"] == 2
    assert not request.session.exists("any")
    request.session.flush()
    assert "step" not in request.session
    assert "step" not in AdminRequest(make_caller(), path=PATH).session


def test_an_id_in_the_path_is_decoded_as_a_server_does() -> None:
    request = AdminRequest(make_caller(), path="/admin/shop/product/%E2%98%83/change/")

    assert request.path_info == "/admin/shop/product/☃/change/"


def test_messages_are_plain_and_not_endless() -> None:
    request = AdminRequest(make_caller(), path=PATH)
    messages.info(request, format_html("<b>{}</b> &amp; more", "Saved"))
    messages.info(request, "x" * (MAX_MESSAGE_CHARACTERS + 1))
    for number in range(MAX_MESSAGES):
        messages.info(request, str(number))

    said = request.said

    assert said[0] == "Saved & more"
    assert "[clipped:" in said[1]
    assert len(said) == MAX_MESSAGES + 1
    assert said[-1] == MORE


def test_what_is_said_to_a_copy_is_heard() -> None:
    request = AdminRequest(make_caller(), path=PATH)

    messages.warning(copy.copy(request), "Stock is low")

    assert request.said == ["Stock is low"]


def test_the_page_is_found_in_the_language_of_its_address(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.unit.tools.translated_urls"
    with translation.override("en"):
        request = AdminRequest(make_caller(), path="/en/admin/shop/product/")

    with translation.override("de"):
        assert request.resolver_match.url_name == "shop_product_changelist"
