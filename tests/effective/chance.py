"""One random combination of user, roles, ceiling, connection and site."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group, Permission

from agent_connector.models import ConnectorSettings, Level, MCPAccess, RolePolicy
from agent_connector.policy.agent_access import AgentAccess
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.registry import all_tools
from panel.shop.models import Category, Coupon, Customer, Order, Product
from tests.factories import make_connection, make_user

if TYPE_CHECKING:
    import pytest
    from django.contrib.auth.models import User

MODELS = (Category, Coupon, Customer, Order, Product)
LABELS = tuple(model._meta.label_lower for model in MODELS)
TOOLS = (*(tool.name for tool in all_tools()), "search_docs", "installed_packages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """What came about."""

    user: User
    level: str
    token: str


def settings_by_chance(rng: Random) -> dict[str, Any]:
    """Return what the project's code might say of models, tools and rows."""
    return {
        "HIDDEN_MODELS": rng.sample([*LABELS, "auth.*"], rng.choice((0, 0, 0, 1, 2))),
        "READ_ONLY_MODELS": rng.sample(LABELS, rng.choice((0, 0, 0, 1))),
        "EXPOSED_MODELS": rng.choice(([], [], ["auth.group"])),
        "EXTRA_TOOLS": rng.choice(([], ["search_docs", "installed_packages"])),
        "MAX_ROWS_PER_CALL": rng.choice((100, 100, 7)),
    }


def declare_by_chance(rng: Random, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the code of one ModelAdmin take something away, or of none."""
    declared = rng.choice(
        (None, None, AgentAccess(hidden=True), AgentAccess(read_only=True))
    )
    model_admin = admin_site().get_model_admin(rng.choice(MODELS))
    if declared is not None:
        monkeypatch.setattr(model_admin, "agent_access", declared, raising=False)


def come_about(rng: Random) -> Chance:
    """Connect a client, then change all that may be changed afterwards."""
    user = make_user(is_superuser=rng.random() < 0.15)
    level = rng.choice(Level.values)
    _connection, pair = make_connection(user, level=level)
    user.user_permissions.set(_permissions(rng))
    user.groups.set(_role(rng, number) for number in range(rng.randint(0, 3)))
    user.is_staff, user.is_active = rng.random() < 0.96, rng.random() < 0.97
    user.save()
    access = MCPAccess.objects.filter(user=user)
    access.update(enabled=rng.random() < 0.94, ceiling=rng.choice(Level.values))
    if rng.random() < 0.03:
        access.delete()
    ConnectorSettings.objects.update_or_create(
        pk=1,
        defaults={
            "mcp_server_enabled": rng.random() < 0.95,
            "agents_may_change_data": rng.random() < 0.8,
            "calls_per_minute": rng.choice((0, 4, 300)),
        },
    )
    return Chance(user=user, level=level, token=pair.access)


def _permissions(rng: Random) -> list[Permission]:
    """Return some of the shop's, sometimes all of them."""
    shop = list(
        Permission.objects.filter(content_type__app_label="shop").order_by("pk")
    )
    return shop if rng.random() < 0.3 else rng.sample(shop, rng.randint(0, 12))


def _role(rng: Random, number: int) -> Group:
    group = Group.objects.create(name=f"Role {number}")
    group.permissions.set(_permissions(rng) if rng.random() < 0.3 else ())
    if rng.random() < 0.7:
        RolePolicy.objects.create(
            group=group,
            allowed_tools=_some(rng, TOOLS, least=6),
            allowed_models=_some(rng, LABELS, least=2),
            read_only=rng.random() < 0.12,
            rows_per_call=rng.choice((None, None, 1, 5, 40)),
            calls_per_minute=rng.choice((None, None, 1, 3)),
        )
    return group


def _some(rng: Random, names: tuple[str, ...], *, least: int) -> list[str]:
    """Return none of the names, which stands for all, or several."""
    if rng.random() < 0.5:
        return []
    return rng.sample(names, rng.randint(least, len(names)))
