"""Columns have names for agents and become the list's own ordering parameter."""

from __future__ import annotations

import pytest

from agent_connector.tools.modeladmin.columns import (
    columns_of,
    described_columns,
    is_sortable,
    ordering_parameter,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.sealed import seal
from panel.shop.models import Product
from tests.callers import make_caller
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PATH = "/admin/shop/product/"


def test_the_column_of_checkboxes_is_none_to_an_agent() -> None:
    request = AdminRequest(make_caller(), path=PATH)
    changelist = seal(admin_site().get_model_admin(Product)).get_changelist_instance(
        request
    )

    assert "action_checkbox" in changelist.list_display
    assert "action_checkbox" not in columns_of(changelist)
    assert described_columns(changelist)[0].name == "name"
    assert is_sortable(changelist, "shown_price")


def test_positions_count_the_checkboxes_only_where_the_list_has_them() -> None:
    sealed = seal(admin_site().get_model_admin(Product))
    with_actions = AdminRequest(make_caller(), path=PATH)
    viewer = make_user(permissions=("shop.view_product",))
    without = AdminRequest(make_caller(viewer), path=PATH)

    assert ordering_parameter(sealed, with_actions, ["-name", "sku"]) == "-1.2"
    assert ordering_parameter(sealed, without, ["-name", "sku"]) == "-0.1"


@pytest.mark.parametrize("name", ["price", "", "-", "--name", "action_checkbox"])
def test_what_is_no_column_is_named(name: str) -> None:
    sealed = seal(admin_site().get_model_admin(Product))

    with pytest.raises(KeyError):
        ordering_parameter(sealed, AdminRequest(make_caller(), path=PATH), [name])
