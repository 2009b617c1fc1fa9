"""The form of a role's limits offers every tool, and the models agents may know."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from pytest_django import Settings

from agent_connector.admin.role_form import RolePolicyForm
from agent_connector.models import RolePolicy
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.registry import all_tools

pytestmark = pytest.mark.django_db


def form_of(**policy: object) -> RolePolicyForm:
    group = Group(name="Editors")
    return RolePolicyForm(policy=RolePolicy(group=group, **policy), site=admin_site())


def test_each_tool_stands_once_under_what_it_can_do() -> None:
    groups = form_of(allowed_tools=["whoami"]).tool_groups

    boxes = [box for _title, found in groups for box in found]
    assert sorted(box.name for box in boxes) == sorted(one.name for one in all_tools())
    assert [box.name for box in boxes if box.is_ticked] == ["whoami"]
    assert str(groups[0][0]) == "Read"


def test_models_that_the_site_hides_are_not_offered(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "HIDDEN_MODELS": ["shop.order"],
    }

    names = [box.name for box in form_of().model_boxes]

    assert "shop.product" in names
    assert not {"shop.order", "auth.user", "auth.group"} & set(names)


@pytest.mark.parametrize(
    ("calls", "shown"), [(120, ["40", "120"]), (0, ["40", "any number"])]
)
def test_an_empty_number_shows_what_counts_without_it(
    settings: Settings, calls: int, shown: list[str]
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "MAX_ROWS_PER_CALL": 40,
        "CALLS_PER_MINUTE": calls,
    }

    numbers = form_of().numbers

    assert [str(one.field.widget.attrs["placeholder"]) for one in numbers] == shown
    assert [one.value() for one in numbers] == [None, None]
