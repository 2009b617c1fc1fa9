"""The page about what a user's agents can do: every no with its reason."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from agent_connector.admin.effective import WORDS, text_of
from agent_connector.models import ConnectorSettings, MCPAccess, RolePolicy
from agent_connector.policy.rules import Denial
from agent_connector.tools.effective import Finding, Obstacle
from tests.factories import make_admin, make_user
from tests.screens import VIEW, screen, signed_in
from tests.screens import text_of as page_text
from tests.statements import statements

pytestmark = pytest.mark.django_db
_ELSEWHERE = {
    *(Denial.NOT_ALLOWED, Denial.TOO_MANY, Denial.TOO_LONG, Denial.SUPERUSERS_ONLY),
    *(Denial.ADDRESS, Denial.RULES_UNREADABLE),
}
"""What is no answer to this question: of tokens, of administrators, of a request."""


def shown(user: User, level: str = "") -> str:
    page = signed_in(make_admin(username="")).get(
        f"{screen('effective', user)}?level={level}"
    )
    assert page.status_code == 200
    return page_text(page)


def test_every_reason_has_its_words() -> None:
    assert WORDS.keys() == {*Denial, *Obstacle} - _ELSEWHERE


def test_a_role_is_named() -> None:
    assert text_of(Finding(Denial.ROLE_FORBIDS, ("A", "B"))) == "Role: A, B"
    assert text_of(Finding(Denial.DISABLED)) == "MCP access is disabled."
    assert text_of(Finding()) == ""


def test_tools_models_and_limits_are_listed_for_the_level() -> None:
    user = make_user(permissions=("shop.view_product", "shop.change_product"))

    full, read = shown(user), shown(user, "read")

    assert "Rows per call 100 Calls per minute 300" in full
    assert "update_record Change a record Allowed Yes" in full
    assert "update_record Change a record Allowed No The connection may not" in read
    assert (
        "Products shop.product View Yes Add No The user lacks the permission."
        " Change Yes Delete No The user lacks the permission."
    ) in full
    assert "Users auth.user Withheld from agents" in full


def test_what_a_role_takes_away_is_said_with_its_name() -> None:
    user = make_admin()
    role = user.groups.create(name="Night shift")
    RolePolicy.objects.create(
        group=role,
        allowed_tools=["search_records"],
        allowed_models=["shop.product"],
        rows_per_call=4,
        calls_per_minute=9,
    )

    text = shown(user)

    assert "Enabled MCP Info" in text
    assert "Rows per call 4 Calls per minute 9" in text
    assert "get_record Get a record Allowed No Role: Night shift" in text
    assert "shop.order Role: Night shift" in text


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("disabled", "MCP access is disabled."),
        ("never enabled", "MCP access is disabled."),
        ("inactive", "The user is inactive."),
        ("no staff", "The user may not sign in to the admin."),
        ("off", "The MCP server is switched off."),
    ],
)
def test_what_stops_everything_stands_above_what_would_be_left(
    cause: str, words: str
) -> None:
    user = make_admin("jane")
    match cause:
        case "disabled":
            MCPAccess.objects.update(enabled=False)
        case "never enabled":
            MCPAccess.objects.all().delete()
        case "inactive":
            User.objects.filter(pk=user.pk).update(is_active=False)
        case "no staff":
            User.objects.filter(pk=user.pk).update(is_staff=False)
        case _:
            ConnectorSettings.objects.create(mcp_server_enabled=False)

    text = shown(user)

    assert f"Nothing, as things are: {words} Below is what would be left" in text
    assert "whoami Who am I Allowed Yes" in text


def test_who_sees_the_tab_sees_the_page_and_so_does_the_user() -> None:
    user = make_user()
    address = screen("effective", user)

    assert signed_in(make_user(permissions=(VIEW,))).get(address).status_code == 200
    assert signed_in(user).get(address).status_code == 200
    assert signed_in(make_user()).get(address).status_code == 403


def test_the_info_tab_leads_there() -> None:
    user = make_user()

    page = signed_in(make_admin()).get(screen("info", user))

    assert screen("effective", user) in page.content.decode()


def test_looking_changes_nothing_and_costs_the_same_whatever_the_roles() -> None:
    browser, user = signed_in(make_admin()), make_user()
    address = screen("effective", user)
    browser.get(address)
    for number in range(6):
        role = user.groups.create(name=f"Role {number}")
        RolePolicy.objects.create(group=role, allowed_tools=["whoami"])

    with statements() as seen:
        browser.get(address)

    assert all(one.startswith("SELECT") for one in seen)
    assert len(seen) <= 12


@pytest.mark.parametrize("level", ["all", "", "Read", "<b>"])
def test_a_level_that_is_none_shows_the_widest(level: str) -> None:
    page = signed_in(make_admin()).get(
        screen("effective", make_user()), {"level": level}
    )

    assert page.context["level"] == "delete"


def test_staff_without_rights_are_not_told_which_models_there_are() -> None:
    user = make_user(enabled=True)

    page = signed_in(user).get(screen("effective", user))

    assert page.status_code == 200
    text = page_text(page)
    assert "shop.coupon" not in text
    assert "auth.group" not in text
    assert "auth.group" in shown(user)
