"""What is said of a user's agents; `tests/effective` holds it against what they do."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.models import MCPAccess, RolePolicy
from agent_connector.policy.agent_access import AgentAccess
from agent_connector.policy.rules import Denial
from agent_connector.policy.site import resource_url
from agent_connector.tools.effective import (
    Effective,
    ModelLine,
    Obstacle,
    effective_rights,
)
from agent_connector.tools.modeladmin.links import admin_site
from panel.shop.models import Coupon, Product
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db


def rights(pk: Any, level: str = "delete") -> Effective:
    found = effective_rights(pk, level, resource=resource_url())
    assert found is not None
    return found


def line_of(found: Effective, model: Any) -> ModelLine:
    return next(one for one in found.models if one.model is model)


def test_of_nobody_nothing_is_said() -> None:
    assert effective_rights(4711, "read", resource=resource_url()) is None


def test_looking_stores_no_access_for_who_never_had_it() -> None:
    user = make_user(enabled=False)

    assert rights(user.pk).stopped is Denial.DISABLED
    assert not MCPAccess.objects.exists()


@pytest.mark.parametrize(
    ("settings_", "declared", "known", "change"),
    [
        ({}, None, None, None),
        ({"HIDDEN_MODELS": ["shop.*"]}, None, Obstacle.HIDDEN_BY_SETTING, "any"),
        ({}, AgentAccess(hidden=True), Obstacle.HIDDEN_BY_CODE, "any"),
        (
            {"READ_ONLY_MODELS": ["shop.coupon"]},
            None,
            None,
            Obstacle.READ_ONLY_BY_SETTING,
        ),
        ({}, AgentAccess(read_only=True), None, Obstacle.READ_ONLY_BY_CODE),
    ],
)
def test_it_says_whether_code_or_a_setting_stands_against_a_model(
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings_: dict[str, Any],
    declared: AgentAccess | None,
    known: Obstacle | None,
    change: Any,
) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, **settings_}
    if declared:
        model_admin = admin_site().get_model_admin(Coupon)
        monkeypatch.setattr(model_admin, "agent_access", declared, raising=False)

    line = line_of(rights(make_admin().pk), Coupon)

    assert line.known.reason is known
    assert change == "any" or line.acts["change"].reason is change
    assert line.acts["view"].allowed == (known is None)


def test_an_act_is_possible_with_one_of_the_tools_for_it() -> None:
    user = make_admin()
    role = user.groups.create(name="Readers")
    RolePolicy.objects.create(group=role, allowed_tools=["get_record"])

    line = line_of(rights(user.pk), Product)

    assert line.acts["view"].allowed
    assert line.acts["add"].reason is Denial.ROLE_FORBIDS
    assert line.acts["add"].roles == ("Readers",)
