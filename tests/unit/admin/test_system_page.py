"""The way to a page below Clients, Tool Calls and Settings."""

from __future__ import annotations

import pytest

from agent_connector.admin.system_page import list_url
from agent_connector.models import ToolCall
from tests.calls import make_call
from tests.factories import make_admin
from tests.screens import signed_in

pytestmark = pytest.mark.django_db


def test_lists_have_the_address_of_their_model() -> None:
    assert list_url("admin", ToolCall) == "/admin/agent_connector/toolcall/"


def test_the_trail_leads_over_the_list() -> None:
    call = make_call()

    page = signed_in(make_admin()).get(f"/admin/agent_connector/toolcall/{call.pk}/")

    trail = [(str(step.label), step.url) for step in page.context["trail"]]
    assert trail == [
        ("System", ""),
        ("AI Agent Connector", "/admin/agent_connector/"),
        ("Tool Calls", "/admin/agent_connector/toolcall/"),
        (f"Tool call {call.pk}", ""),
    ]


def test_a_list_is_not_named_twice() -> None:
    page = signed_in(make_admin()).get("/admin/agent_connector/connectorsettings/")

    trail = [str(step.label) for step in page.context["trail"]]
    assert trail == ["System", "AI Agent Connector", "Settings"]
