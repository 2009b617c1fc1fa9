"""The form as JSON Schema: valid, and true to the form."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, ForeignKeyRawIdWidget
from django.contrib.postgres.forms import SimpleArrayField

from agent_connector.tools.modeladmin import schema
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.schema import (
    field_schema,
    form_schema,
    required_names,
)
from panel.shop.models import Category, Product
from tests.callers import make_caller
from tests.factories import make_user
from tests.panel.shop import make_category

pytestmark = pytest.mark.django_db
CHOICES = [("", "---"), ("a", "A"), ("Group", [("b", "B")])]


def request_of(**user: Any) -> AdminRequest:
    caller = make_caller(make_user(**user) if user else None)
    return AdminRequest(caller, path="/admin/shop/product/")


def schema_of(
    field: forms.Field, request: AdminRequest | None = None
) -> dict[str, Any]:
    form = forms.Form()
    form.fields["one"] = field
    found = field_schema("one", field, form=form, request=request or request_of())
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (forms.CharField(max_length=5), {"type": "string", "maxLength": 5}),
        (forms.CharField(required=False), {"type": ["string", "null"]}),
        (forms.IntegerField(min_value=1), {"type": "integer", "minimum": 1}),
        (forms.DecimalField(decimal_places=2), {"format": "decimal", "x-decimals": 2}),
        (forms.BooleanField(required=False), {"type": "boolean"}),
        (forms.NullBooleanField(required=False), {"type": ["boolean", "null"]}),
        (forms.SplitDateTimeField(), {"type": "string", "format": "date-time"}),
        (forms.EmailField(), {"type": "string", "format": "email"}),
        (forms.JSONField(), {"title": "One"}),
    ],
)
def test_a_field_has_its_type_and_limits(
    field: forms.Field, expected: dict[str, Any]
) -> None:
    found = schema_of(field)

    assert expected.items() <= found.items()


def test_label_and_help_are_told() -> None:
    found = schema_of(forms.CharField(label="Price", help_text="In euros."))

    assert (found["title"], found["description"]) == ("Price", "In euros.")


def test_choices_are_listed_without_groups_and_blanks() -> None:
    found = schema_of(forms.ChoiceField(choices=CHOICES))

    assert found["oneOf"] == [
        {"const": "a", "title": "A"},
        {"const": "b", "title": "B"},
    ]


def test_an_optional_choice_may_be_null() -> None:
    found = schema_of(forms.ChoiceField(choices=CHOICES, required=False))

    jsonschema.validate(None, found)
    jsonschema.validate("a", found)


def test_several_choices_are_a_list() -> None:
    found = schema_of(forms.MultipleChoiceField(choices=CHOICES))

    assert found["type"] == "array"
    jsonschema.validate(["a", "b"], found)


def test_too_many_choices_become_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MAX_CHOICES", 1)

    found = schema_of(forms.ChoiceField(choices=CHOICES))

    assert "oneOf" not in found
    assert (found["examples"], found["x-more"]) == (["a"], "lookup_choices")


def test_a_relation_names_its_model_and_records() -> None:
    category = make_category("Kitchen")

    found = schema_of(forms.ModelChoiceField(Category.objects.all()))

    assert found["x-model"] == "shop.category"
    assert found["oneOf"] == [{"const": str(category.pk), "title": "Kitchen"}]


@pytest.mark.parametrize("widget", [AutocompleteSelect, ForeignKeyRawIdWidget])
def test_a_field_that_looks_up_its_choices_shows_them_only_who_may_view(
    widget: Any,
) -> None:
    make_category("Kitchen")
    relation = Product._meta.get_field("category")
    site = admin_site()
    remote = relation.remote_field if widget is ForeignKeyRawIdWidget else relation
    field = forms.ModelChoiceField(Category.objects.all(), widget=widget(remote, site))

    found = schema_of(field, request_of(permissions=("shop.change_product",)))

    assert "Kitchen" not in str(found)
    assert "x-model" not in found
    assert "Kitchen" in str(schema_of(field))


def test_a_form_allows_its_own_fields_only() -> None:
    class Form(forms.Form):
        name = forms.CharField()
        note = forms.CharField(required=False)
        api_token = forms.CharField()

    found = form_schema(Form(), request_of())

    assert list(found["properties"]) == ["name", "note"]
    assert found["additionalProperties"] is False
    assert required_names(Form()) == ["name"]


def test_an_array_is_a_list_with_the_limits_of_list_and_items() -> None:
    field = SimpleArrayField(forms.CharField(max_length=9), max_length=3)

    found = schema_of(field)

    assert found["type"] == "array"
    assert found["items"] == {"type": "string", "maxLength": 9}
    assert found["maxItems"] == 3
    assert "maxLength" not in found
