"""What the consent page knows of the person."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import RequestFactory

from agent_connector.oauth.choices import Reach
from agent_connector.oauth.views.consent import reach_of
from panel.site import site
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db


def request_of(user: User) -> HttpRequest:
    request: Any = RequestFactory().get("/x")
    request.user = user
    return request  # type: ignore[no-any-return]  # made by Django's factory


def test_the_reach_is_what_the_admin_says_of_this_person() -> None:
    user = make_user(
        permissions=(
            "shop.view_order",
            "shop.view_product",
            "shop.change_product",
            "shop.add_coupon",
            "shop.delete_customer",
        )
    )

    assert reach_of(request_of(user), site=site) == Reach(
        view=("Orders", "Products"),
        change=("Coupons", "Products"),
        delete=("Customers",),
    )


def test_withheld_models_do_not_count_for_anybody() -> None:
    user = make_user(permissions=("auth.view_user", "auth.change_group"))

    assert reach_of(request_of(user), site=site) == Reach(view=(), change=(), delete=())


def test_a_superuser_reaches_every_model_that_is_not_withheld() -> None:
    reach = reach_of(request_of(make_admin()), site=site)

    assert reach.is_superuser
    assert reach.view == ("Categories", "Coupons", "Customers", "Orders", "Products")
    assert "Users" not in reach.change
