"""Links are absolute and lead to the admin's own pages."""

from __future__ import annotations

from uuid import UUID

import pytest

from agent_connector.tools.modeladmin.links import (
    admin_site,
    index_path,
    list_path,
    record_path,
    record_paths,
    site_of,
)
from panel.shop.models import Order
from tests.callers import make_caller


def test_paths_are_those_of_the_admin() -> None:
    model_admin = admin_site().get_model_admin(Order)

    assert index_path() == "/admin/"
    assert list_path(model_admin) == "/admin/shop/order/"
    assert record_path(model_admin, "a/b") == "/admin/shop/order/a_2Fb/change/"


def test_several_paths_are_what_each_would_be() -> None:
    model_admin = admin_site().get_model_admin(Order)
    pks = [1, 27, -3, "a/b", "1234567890", UUID(int=5), 10**20]

    assert record_paths(model_admin, pks) == [
        record_path(model_admin, pk) for pk in pks
    ]


@pytest.mark.django_db
def test_the_site_is_the_one_that_the_connection_is_bound_to() -> None:
    assert site_of(make_caller()) == "http://127.0.0.1:8000"
