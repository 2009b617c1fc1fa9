"""A permission is named as Django checks it."""

from __future__ import annotations

import pytest

from agent_connector.tools.definition import ToolRefused
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.permission import permission_to, require_add
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Product
from tests.callers import make_caller
from tests.factories import make_user


def test_a_permission_has_its_app_before_it() -> None:
    assert permission_to("delete", Product._meta) == "shop.delete_product"


@pytest.mark.django_db
def test_who_may_not_add_is_told_what_is_missing() -> None:
    product_admin = admin_site().get_model_admin(Product)
    path = "/admin/shop/product/add/"
    viewer = make_caller(make_user(permissions=("shop.view_product",)))

    require_add(product_admin, AdminRequest(make_caller(), path=path))
    with pytest.raises(ToolRefused, match=r"shop\.add_product"):
        require_add(product_admin, AdminRequest(viewer, path=path))
