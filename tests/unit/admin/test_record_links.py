"""Where a record of a tool call can be opened."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory

from agent_connector.admin.record_links import RecordLinks
from agent_connector.models import ToolCall
from panel.site import site
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db


def url_for(user: User, call: ToolCall) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return RecordLinks(site, request).url_of(call)


def test_a_record_leads_to_its_page_whatever_its_key() -> None:
    call = ToolCall(model="shop.category", object_id="a/b")

    assert url_for(make_admin(), call) == "/admin/shop/category/a_2Fb/change/"


@pytest.mark.parametrize(
    ("model", "object_id"), [("", "7"), ("shop.category", ""), ("gone.model", "7")]
)
def test_what_is_no_record_of_this_admin_leads_nowhere(
    model: str, object_id: str
) -> None:
    assert url_for(make_admin(), ToolCall(model=model, object_id=object_id)) == ""


def test_without_the_right_to_view_it_leads_nowhere() -> None:
    call = ToolCall(model="shop.category", object_id="7")

    assert url_for(make_user(), call) == ""
    viewer = make_user(permissions=("shop.view_category",))
    assert url_for(viewer, call) == "/admin/shop/category/7/change/"
