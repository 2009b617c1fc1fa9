"""Take things away from agents, as a site would, until the test is over."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin

from agent_connector.tools import AgentAccess
from agent_connector.tools.modeladmin.links import admin_site
from panel.shop.models import Customer, OrderLine
from tests.callers import use_admin
from tests.panel.shop import make_customer

IBAN = "AT611904300234573201"


def narrowed_admin(
    monkeypatch: pytest.MonkeyPatch, model: Any, access: Any, **attributes: Any
) -> Any:
    """Let the model's own admin carry `agent_access` until the test is over."""
    own = type(admin_site().get_model_admin(model))
    named = {"agent_access": access, **attributes}
    return use_admin(monkeypatch, model, type(own.__name__, (own,), named))


def hide_phone(monkeypatch: pytest.MonkeyPatch, **attributes: Any) -> Customer:
    """Hide a customer's phone, which here stands in each place of the admin."""
    narrowed_admin(
        monkeypatch,
        Customer,
        AgentAccess(hidden_fields=("phone",)),
        **{
            "list_display": ("name", "phone"),
            "list_filter": ("country", "phone"),
            "search_fields": ("last_name", "=phone"),
            "ordering": ("phone", "last_name"),
            **attributes,
        },
    )
    return make_customer(phone=IBAN)


def lines_inline(access: AgentAccess) -> type[Any]:
    return type(
        "Lines",
        (admin.TabularInline,),
        {
            "model": OrderLine,
            "agent_access": access,
            "fields": ("product", "quantity", "unit_price"),
        },
    )
