"""Choices come page by page, from a list or from records, with their own key."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.admin.widgets import AutocompleteSelect

from agent_connector.tools.modeladmin.choices import (
    choices_of,
    has_choices,
    links_to,
    offered_rows,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Category, Product
from tests.callers import make_caller
from tests.factories import make_user
from tests.panel.shop import make_category

pytestmark = pytest.mark.django_db
LETTERS = forms.ChoiceField(
    choices=[("", "---"), ("a", "Anna"), ("Group", [("b", "Bert"), ("c", "Anton")])]
)


def request_of(*permissions: str) -> AdminRequest:
    user = make_user(permissions=permissions) if permissions else None
    return AdminRequest(make_caller(user), path="/admin/")


def test_a_list_is_matched_by_label_and_cut_into_pages() -> None:
    request = request_of()

    first = choices_of(request, LETTERS, query="an", limit=1)
    rest = choices_of(request, LETTERS, query="an", start=first.following, limit=1)

    assert [one.id for one in first.found] == ["a"]
    assert [one.id for one in rest.found] == ["c"]
    assert rest.following == 0


def test_a_field_without_choices_is_told_from_one_with() -> None:
    assert has_choices(LETTERS)
    assert has_choices(forms.ModelChoiceField(Category.objects.all()))
    assert not has_choices(forms.CharField())


def test_a_key_that_is_a_credential_is_never_offered() -> None:
    make_category()
    field = forms.ModelChoiceField(Category.objects.all())
    field.to_field_name = "api_token"

    assert offered_rows(request_of(), field, "") is None


def test_a_look_up_by_a_widget_of_the_sites_own_counts_as_one() -> None:
    make_category()
    field = forms.ModelChoiceField(Category.objects.all(), widget=forms.TextInput)

    assert choices_of(request_of(), field, limit=9).found
    assert choices_of(request_of("shop.view_order"), field, limit=9).found == []


def test_an_autocomplete_of_fixed_choices_keeps_to_the_fields_own_rows() -> None:
    make_category("Lamps")
    make_category("Secret lamps")
    widget = AutocompleteSelect(Product._meta.get_field("category"), admin_site())
    field = forms.ModelChoiceField(
        Category.objects.exclude(name__startswith="Secret"), widget=widget
    )

    found = choices_of(request_of(), field, query="lamps", limit=9).found

    assert [one.label for one in found] == ["Lamps"]


def test_links_lead_only_to_what_the_user_may_view() -> None:
    shelf = make_category()

    assert links_to(request_of(), [shelf])[shelf.pk].endswith("/change/")
    assert links_to(request_of("shop.view_order"), [shelf]) == {}
    assert links_to(request_of(), []) == {}
