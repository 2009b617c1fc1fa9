"""Filters are told as arguments that an agent can copy."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.modeladmin import filters
from agent_connector.tools.modeladmin.filters import (
    described_filters,
    offered_parameters,
    unoffered_value,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.sealed import seal
from panel.shop.models import Order, Product
from tests.callers import make_caller
from tests.panel.shop import make_category, make_product

pytestmark = pytest.mark.django_db


def changelist_of(model: Any) -> Any:
    path = f"/admin/shop/{model._meta.model_name}/"
    request = AdminRequest(make_caller(), path=path)
    return seal(admin_site().get_model_admin(model)).get_changelist_instance(request)


def test_every_choice_of_the_sidebar_is_an_argument() -> None:
    [status, *_] = described_filters(changelist_of(Product))

    assert [choice.label for choice in status.choices] == [
        "Draft",
        "On sale",
        "Paused",
        "Discontinued",
    ]
    assert status.choices[0].filters == {"status__exact": "draft"}


def test_too_many_choices_are_cut_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filters, "MAX_CHOICES", 2)

    [status, *_] = described_filters(changelist_of(Product))

    assert len(status.choices) == 2
    assert status.more_choices


def test_all_names_of_the_list_are_offered_and_no_others() -> None:
    make_product(category=make_category())
    make_product(category=make_category())

    offered = offered_parameters(changelist_of(Product))

    assert {"status__exact", "stock_level", "category__id__exact"} <= set(offered)
    assert "placed_at__year" in offered_parameters(changelist_of(Order))
    assert "price__gte" not in offered


def test_a_value_that_is_no_choice_of_a_filter_of_the_sites_own_is_found() -> None:
    changelist = changelist_of(Product)

    wrong = unoffered_value(changelist, {"stock_level": ["nonsense"]})

    assert wrong is not None
    assert wrong.parameters == ["stock_level"]
    assert unoffered_value(changelist, {"stock_level": ["low"]}) is None
    assert unoffered_value(changelist, {"status__exact": ["nonsense"]}) is None
