"""What our lists beside MCP Users have in common."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from agent_connector.admin.call_filters import FILTERS
from agent_connector.admin.records import RecordsAdmin, parameters_of
from agent_connector.models import Client, ToolCall
from panel.site import site
from tests.factories import make_admin
from tests.screens import signed_in, text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [ToolCall, Client])
def test_not_even_a_superuser_adds_changes_or_deletes(model: type) -> None:
    request = RequestFactory().get("/")
    request.user = make_admin()
    model_admin: Any = site.get_model_admin(model)

    assert isinstance(model_admin, RecordsAdmin)
    assert model_admin.has_view_permission(request)
    assert not model_admin.has_add_permission(request)
    assert not model_admin.has_change_permission(request)
    assert not model_admin.has_delete_permission(request)
    assert model_admin.get_actions(request) == {}


def test_the_parameters_are_those_of_the_filters() -> None:
    assert parameters_of(FILTERS) == {
        *("user", "client", "tool", "model", "object", "outcome", "at_from", "at_to")
    }


@pytest.mark.parametrize(
    ("path", "title"), [("toolcall", "Tool Calls"), ("client", "Clients")]
)
def test_the_page_has_the_words_of_the_menu(path: str, title: str) -> None:
    text = text_of(signed_in(make_admin()).get(f"/admin/agent_connector/{path}/"))

    assert title in text
    assert "to view" not in text
    assert "to change" not in text


def test_where_none_match_no_row_is_looked_for() -> None:
    browser = signed_in(make_admin())

    with statements() as seen:
        page = browser.get("/admin/agent_connector/toolcall/?user=nobody")

    assert "No tool call matches these filters." in text_of(page)
    asked = [sql for sql in seen if "agent_connector_toolcall" in sql]
    [whether_of_the_gone] = asked  # nobody is called so: there is nothing to count
    assert "LIMIT 1" in whether_of_the_gone
    assert "ORDER BY" not in whether_of_the_gone
