"""A test of a project sees what an agent of its user would see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict

import pytest
from django.test import override_settings

from agent_connector.connections.access import disable_access
from agent_connector.models import ConnectorSettings, MCPAccess, ToolCall
from agent_connector.testing import AgentClient
from agent_connector.tools import Caller, Scope, ToolFailed, ToolRefused, tool
from agent_connector.tools.definition import ScopeMissing, SiteReadOnly
from tests.callers import no_written_tools
from tests.factories import NOON, make_user
from tests.panel.shop import make_product
from tests.wire import access_token, ask, json_of

pytestmark = pytest.mark.django_db


class Loan(TypedDict):
    title: str
    until: date
    fee: Decimal


@pytest.fixture(autouse=True)
def _written(monkeypatch: pytest.MonkeyPatch) -> None:
    no_written_tools(monkeypatch)

    @tool(needs=Scope.WRITE, permission="shop.change_product")
    def lend_book(caller: Caller, *, title: str, until: date, fee: Decimal) -> Loan:
        """Lends a book."""
        if title == "lost":
            raise ToolFailed("It is lost.", code="lost")
        return Loan(title=f"{title} by {caller.client_name}", until=until, fee=fee)


def lender() -> AgentClient:
    return AgentClient(make_user(permissions=("shop.change_product",)), level="write")


def test_an_answer_is_what_the_agent_reads() -> None:
    answer = lender().call(
        "lend_book", title="Emma", until=date(2026, 3, 2), fee=Decimal("1.50")
    )

    assert answer == {
        "title": "Emma by AgentClient",
        "until": "2026-03-02",
        "fee": "1.50",
    }
    assert ToolCall.objects.get().arguments["fee"] == "1.50"


def test_a_failure_is_raised_as_it_is_told() -> None:
    with pytest.raises(ToolFailed) as failure:
        lender().call("lend_book", title="lost", until="2026-03-02", fee=0)

    assert (failure.value.code, failure.value.message) == ("lost", "It is lost.")


def test_the_tools_in_the_box_are_there_as_well() -> None:
    product = make_product()
    agent = AgentClient(make_user(permissions=("shop.view_product",)))

    answer = agent.call("search_records", model="shop.product")

    assert answer["rows"][0]["id"] == str(product.pk)
    assert answer["url"].startswith("http://testserver/")


def test_tools_are_listed_as_this_user_sees_them() -> None:
    stranger = AgentClient(make_user(), level="write")

    assert lender().tools()["lend_book"] == "Lends a book."
    assert [*stranger.tools(), "lend_book"] == list(lender().tools())


def test_a_tool_is_described_as_on_the_wire() -> None:
    user = make_user(permissions=("shop.change_product",))
    wire = json_of(ask(access_token(user), "tools/list"))["result"]["tools"]

    described = AgentClient(user).describe("whoami")

    assert described == next(one for one in wire if one["name"] == "whoami")
    assert lender().describe("lend_book")["annotations"]["destructiveHint"] is True
    with pytest.raises(ToolRefused):
        AgentClient(make_user()).describe("lend_book")


@pytest.mark.parametrize("level", ["admin", "", "READ"])
def test_an_unknown_level_is_refused(level: str) -> None:
    with pytest.raises(ValueError, match="Scope"):
        AgentClient(make_user(), level=level)


def test_a_level_that_does_not_reach_is_refused_as_on_the_wire() -> None:
    user = make_user(permissions=("shop.change_product",))

    with pytest.raises(ScopeMissing):
        AgentClient(user).call("lend_book", title="", until="2026-03-02", fee=0)


def test_a_user_who_never_had_access_is_given_it() -> None:
    user = make_user(enabled=False)

    answer = AgentClient(user).call("whoami")

    assert answer["user"]["username"] == user.get_username()


def test_what_an_administrator_took_away_is_refused() -> None:
    user = make_user()
    agent = AgentClient(user)
    agent.call("whoami")

    disable_access([user.pk], actor=user, now=NOON)

    for act in (agent.tools, lambda: agent.call("whoami")):
        with pytest.raises(ToolRefused):
            act()
    with pytest.raises(ToolRefused):
        AgentClient(user).call("whoami")


def test_who_is_no_staff_has_no_agent() -> None:
    with pytest.raises(ToolRefused, match="sign in"):
        AgentClient(make_user(is_staff=False)).call("whoami")


def test_ceiling_and_switches_hold() -> None:
    lowered, switched = lender(), lender()

    MCPAccess.objects.update(ceiling="read")
    assert "lend_book" not in lowered.tools()

    MCPAccess.objects.update(ceiling="delete")
    ConnectorSettings.objects.create(agents_may_change_data=False)
    with pytest.raises(SiteReadOnly):
        switched.call("lend_book", title="", until="2026-03-02", fee=0)


@override_settings(AGENT_CONNECTOR={})
def test_a_site_that_does_not_know_its_address_can_test() -> None:
    assert AgentClient(make_user()).call("whoami")["site"]
