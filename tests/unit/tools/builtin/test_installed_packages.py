"""What the site runs on is for superusers who switched it on."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from pytest_django import Settings

from agent_connector.testing import AgentClient
from agent_connector.tools import ToolRefused
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _switched_on(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"EXTRA_TOOLS": ["installed_packages"]}


def test_packages_are_named_with_their_versions() -> None:
    answer = AgentClient(make_admin()).call("installed_packages", name="DJANGO")

    packages = {one["name"]: one["version"] for one in answer["packages"]}
    assert packages["Django"] == version("django")
    assert "msgspec" not in packages
    assert answer["python"].startswith("3.")


def test_without_a_name_all_are_there_in_order_up_to_the_sites_rows(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {
        "EXTRA_TOOLS": ["installed_packages"],
        "MAX_ROWS_PER_CALL": 5,
    }

    answer = AgentClient(make_admin()).call("installed_packages")

    names = [one["name"].lower() for one in answer["packages"]]
    assert names == sorted(names)
    assert len(names) == 5
    assert "5 of" in answer["truncated"]


def test_it_does_not_exist_for_anybody_else() -> None:
    agent = AgentClient(make_user(permissions=("auth.view_user",)), level="delete")

    assert "installed_packages" not in agent.tools()
    with pytest.raises(ToolRefused, match="There is no tool"):
        agent.call("installed_packages")


def test_it_is_off_unless_it_is_named(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {}

    assert "installed_packages" not in AgentClient(make_admin()).tools()
