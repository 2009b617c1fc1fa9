"""What a form shows and what a browser sends back are the same thing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, FilteredSelectMultiple
from django.utils import timezone, translation

from agent_connector.tools.modeladmin.encode import (
    encode_form,
    encode_formset,
    encode_value,
)
from agent_connector.tools.modeladmin.request import posted
from panel.shop.models import Category, Order, OrderLine
from tests.panel.shop import make_category, make_order

COLOURS = [("r", "Red"), ("g", "Green"), ("b", "Blue")]
MOMENT = datetime(2026, 3, 2, 12, 30, 15, tzinfo=UTC)


class EveryField(forms.Form):
    """One field of each kind that an admin form has, with a value to keep."""

    text = forms.CharField(initial="a\nb  c")
    number = forms.IntegerField(initial=0)
    amount = forms.DecimalField(initial=Decimal("1234.50"), localize=True)
    ratio = forms.FloatField(initial=0.1)
    yes = forms.BooleanField(initial=True, required=False)
    no = forms.BooleanField(initial=False, required=False)
    maybe = forms.NullBooleanField(initial=None)
    colour = forms.ChoiceField(choices=COLOURS, initial="g")
    radio = forms.ChoiceField(choices=COLOURS, initial="b", widget=forms.RadioSelect)
    colours = forms.MultipleChoiceField(choices=COLOURS, initial=["r", "b"])
    boxes = forms.MultipleChoiceField(
        choices=COLOURS, initial=["g"], widget=forms.CheckboxSelectMultiple
    )
    two_lists = forms.MultipleChoiceField(
        choices=COLOURS,
        initial=["r"],
        widget=FilteredSelectMultiple("x", is_stacked=False),
    )
    day = forms.DateField(initial=date(2026, 3, 2))
    parts = forms.DateField(initial=date(2026, 3, 2), widget=forms.SelectDateWidget)
    clock = forms.TimeField(initial=time(12, 5))
    moment = forms.DateTimeField(initial=MOMENT)
    split = forms.SplitDateTimeField(initial=MOMENT, widget=AdminSplitDateTime)
    hidden = forms.SplitDateTimeField(
        initial=MOMENT, widget=forms.SplitHiddenDateTimeWidget
    )
    span = forms.DurationField(initial=timedelta(days=2, hours=1))
    document = forms.JSONField(initial={"a": [1, "ü", None]})
    empty = forms.CharField(initial=None, required=False)
    several_hidden = forms.MultipleChoiceField(
        choices=COLOURS, initial=["r", "g"], widget=forms.MultipleHiddenInput
    )
    file = forms.FileField(required=False)
    fixed = forms.CharField(initial="kept", disabled=True)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns"])
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_form_that_nobody_touched_changes_nothing(zone: str, language: str) -> None:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        sent = EveryField(posted(encode_form(EveryField(), {})))

        assert sent.is_valid(), sent.errors
        assert sent.changed_data == []
        assert sent.cleaned_data["split"] == MOMENT
        assert sent.cleaned_data["amount"] == Decimal("1234.50")


class ComputedDefaults(forms.Form):
    """Fields as Django makes them for model fields whose default is a callable."""

    moment = forms.SplitDateTimeField(
        initial=MOMENT, widget=AdminSplitDateTime, show_hidden_initial=True
    )
    day = forms.DateField(initial=date(2026, 3, 2), show_hidden_initial=True)
    document = forms.JSONField(initial={"a": [1, "ü"]}, show_hidden_initial=True)
    text = forms.CharField(initial="as it was", show_hidden_initial=True)


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_fields_with_a_computed_default_are_left_alone(
    zone: str, language: str
) -> None:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        sent = ComputedDefaults(
            posted(encode_form(ComputedDefaults(), {"text": "changed"}))
        )

        assert sent.is_valid(), sent.errors
        assert sent.changed_data == ["text"]
        assert sent.cleaned_data["moment"] == MOMENT
        assert sent.cleaned_data["document"] == {"a": [1, "ü"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("split", datetime(2027, 1, 1, 8, 0, tzinfo=UTC)),
        ("moment", datetime(2027, 1, 1, 8, 0, tzinfo=UTC)),
        ("parts", date(2025, 12, 31)),
        ("yes", False),
        ("no", True),
        ("maybe", True),
        ("colours", ["g"]),
        ("boxes", []),
        ("document", [1]),
        ("amount", Decimal("0.05")),
        ("colour", "r"),
    ],
)
def test_one_value_is_changed_and_no_other(name: str, value: Any) -> None:
    shown = EveryField()
    for field in ("boxes",):
        shown.fields[field].required = False

    sent = EveryField(posted(encode_form(shown, {name: value})))
    sent.fields["boxes"].required = False

    assert sent.is_valid(), sent.errors
    assert sent.changed_data == [name]
    assert sent.cleaned_data[name] == value


def test_an_empty_date_in_parts_stays_empty() -> None:
    pairs = dict(encode_value(forms.SelectDateWidget(), "day", None))

    assert pairs == {"day_year": "", "day_month": "", "day_day": ""}


@pytest.mark.django_db
def test_relations_are_sent_as_keys() -> None:
    first, second = make_category(), make_category()

    class Form(forms.Form):
        one = forms.ModelChoiceField(Category.objects.all(), initial=first)
        many = forms.ModelMultipleChoiceField(
            Category.objects.all(), initial=[first, second]
        )

    data = posted(encode_form(Form(), {}))

    assert data["one"] == str(first.pk)
    assert data.getlist("many") == [str(first.pk), str(second.pk)]
    assert Form(data).changed_data == []


@pytest.mark.django_db
def test_stored_rows_are_sent_unchanged_and_no_new_ones() -> None:
    order = make_order(lines=((1, "5.00"), (2, "6.00")))
    formset_class = forms.inlineformset_factory(
        Order, OrderLine, fields=("product", "quantity", "unit_price"), extra=3
    )

    sent = formset_class(
        posted(encode_formset(formset_class(instance=order))), instance=order
    )

    assert sent.is_valid(), sent.errors
    assert len(sent.forms) == 2
    assert not sent.has_changed()
