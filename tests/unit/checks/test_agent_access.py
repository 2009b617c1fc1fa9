"""A misspelling in what is taken away from agents is named before it exposes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from pytest_django import Settings

from agent_connector.checks.agent_access import check_agent_access
from agent_connector.tools import AgentAccess
from panel.shop.models import Customer, OrderLine
from tests.callers import use_admin


def ids_with(monkeypatch: pytest.MonkeyPatch, access: Any, **more: Any) -> list[str]:
    """Return what the check says of a customer's admin with this declaration."""
    named = {"agent_access": access, "list_display": ("name", shout), **more}
    use_admin(monkeypatch, Customer, type("Customers", (admin.ModelAdmin,), named))
    return [str(message.id) for message in check_agent_access()]


def shout(customer: Customer) -> str:
    return str(customer).upper()


def name(_admin: Any, customer: Customer) -> str:
    return str(customer)


def test_the_panel_has_nothing_wrong() -> None:
    assert check_agent_access() == []


@pytest.mark.parametrize("known", ["phone", "name", "shout", "orders", "id"])
def test_fields_columns_methods_and_relations_are_known(
    monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    assert ids_with(monkeypatch, AgentAccess(hidden_fields=(known,)), name=name) == []


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        ({"hidden": True}, "agent_connector.E004"),
        (None, "agent_connector.E004"),
        (AgentAccess, "agent_connector.E004"),
        (AgentAccess(hidden_fields="phone"), "agent_connector.E005"),
        (AgentAccess(hidden_fields=("phnoe",)), "agent_connector.E006"),
        (AgentAccess(hidden_fields=(7,)), "agent_connector.E006"),  # type: ignore[arg-type]  # the point
    ],
)
def test_what_cannot_be_meant_is_an_error(
    monkeypatch: pytest.MonkeyPatch, access: Any, expected: str
) -> None:
    assert ids_with(monkeypatch, access, name=name) == [expected]


def test_a_misspelling_in_an_inline_is_named_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = AgentAccess(hidden_fields=("unit_prize",))
    fields = {"model": OrderLine, "agent_access": wrong}
    inline = type("Lines", (admin.TabularInline,), fields)

    found = ids_with(monkeypatch, AgentAccess(), name=name, inlines=[inline])

    assert found == ["agent_connector.E006"]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"HIDDEN_MODELS": ["shop.order", "shop.*"]}, 0),
        ({"HIDDEN_MODELS": ["shop.ordre"]}, 1),
        ({"READ_ONLY_MODELS": ["shpo.*", "order"]}, 2),
        ({"EXPOSED_MODELS": ["auth.*"]}, 1),
    ],
)
def test_a_label_that_no_model_has_is_a_warning(
    settings: Settings, given: dict[str, Any], count: int
) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, **given}

    found = check_agent_access()

    assert [message.id for message in found] == ["agent_connector.W007"] * count
