"""What code and settings take away adds up, for a model and all that shows its rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite
from pytest_django import Settings

from agent_connector.policy.agent_access import (
    NOTHING_DECLARED,
    AgentAccess,
    access_to,
    declared_by,
    together,
)
from panel.shop.models import Order, OrderLine, Product


def site_with(**access: Any) -> AdminSite:
    """Return a site with an admin of products that declares this."""
    site = AdminSite()
    named = {"agent_access": AgentAccess(**access)}
    site.register(Product, type("Products", (admin.ModelAdmin,), named))
    return site


def test_nothing_is_taken_away_where_nothing_is_said() -> None:
    access = access_to(Order, site=AdminSite())

    assert (access.hidden, access.read_only) == (False, False)
    assert not access.hidden_fields


def test_what_several_say_adds_up() -> None:
    access = together(
        AgentAccess(hidden_fields=["a"]),
        AgentAccess(read_only=True, hidden_fields={"b"}),
        AgentAccess(hidden_fields="cost"),
    )

    assert access == AgentAccess(
        read_only=True, hidden_fields=frozenset({"a", "b", "cost"})
    )


def test_many_to_many_rows_are_as_hidden_as_the_model_that_declares_them() -> None:
    assert access_to(Product.tags.through, site=site_with(hidden=True)).hidden


def test_settings_and_code_count_together(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"READ_ONLY_MODELS": ["Shop.Product"]}

    access = access_to(Product, site=site_with(hidden_fields=("price",)))

    assert access.read_only
    assert access.hidden_fields == {"price"}
    assert not access_to(OrderLine, site=site_with()).read_only


@pytest.mark.parametrize("wrong", [None, {"hidden": False}, AgentAccess])
def test_what_cannot_be_read_hides(wrong: Any) -> None:
    named = {"agent_access": wrong}
    model_admin = type("Products", (admin.ModelAdmin,), named)(Product, AdminSite())

    assert declared_by(model_admin).hidden
    assert declared_by(admin.ModelAdmin(Product, AdminSite())) is NOTHING_DECLARED
