"""A choice and a piece of text, as a list is filtered by them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from agent_connector.admin.client_list import TrustFilter
from agent_connector.admin.list_filters import MAX_CHARACTERS, TextFilter
from agent_connector.models import Client
from panel.site import site
from tests.factories import make_admin, make_client
from tests.screens import signed_in, text_of

pytestmark = pytest.mark.django_db


class NameFilter(TextFilter):
    parameter_name = "name"
    field_path = "name"


class Addresses:
    """Stands for a change list, which makes the links."""

    def get_query_string(self, new: Any = None, remove: Any = None) -> str:
        return f"?{new or ''}{remove or ''}"


def filtered(kind: Any, value: str) -> Any:
    request = RequestFactory().get("/")
    parameters = {kind.parameter_name: [value]}
    one = kind(request, parameters, Client, site.get_model_admin(Client))
    assert parameters == {}
    return one, one.queryset(request, Client.objects.all())


def test_a_text_is_looked_for_in_any_case() -> None:
    make_client("Cursor")
    make_client("Codex")

    _, found = filtered(NameFilter, " cUrs ")

    assert [client.name for client in found] == ["Cursor"]


def test_no_text_filters_nothing() -> None:
    assert filtered(NameFilter, "  ")[1] is None


def test_nul_and_what_no_value_can_hold_never_reach_the_database() -> None:
    one, _ = filtered(NameFilter, "\x00" + "x" * 5000)

    assert one.value == "x" * MAX_CHARACTERS


def test_a_choice_leaves_the_rows_that_have_it() -> None:
    make_client("Cursor", trust=Client.Trust.BLOCKED)
    make_client("Codex")

    one, found = filtered(TrustFilter, "blocked")

    assert [client.name for client in found] == ["Cursor"]
    assert [o["value"] for o in one.options if o["selected"]] == ["blocked"]


def test_a_choice_that_is_none_chooses_nothing() -> None:
    one, found = filtered(TrustFilter, "nonsense")

    assert found is None
    assert [o["value"] for o in one.options if o["selected"]] == [""]


def test_both_can_be_listed_as_links_by_other_themes() -> None:
    choice, _ = filtered(TrustFilter, "blocked")
    text, _ = filtered(NameFilter, "x")

    assert len(list(choice.choices(Addresses()))) == 3
    assert len(list(text.choices(Addresses()))) == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [({}, "Filters Tool"), ({"user": "ada", "outcome": "done"}, "Filters 2 in use")],
)
def test_the_fold_says_how_many_filters_are_in_use(
    asked: dict[str, str], words: str
) -> None:
    page = signed_in(make_admin()).get("/admin/agent_connector/toolcall/", asked)

    assert words in text_of(page)
