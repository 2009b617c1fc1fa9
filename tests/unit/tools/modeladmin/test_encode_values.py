"""Any value comes back from any widget as it went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminTextareaWidget,
    ManyToManyRawIdWidget,
)
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from agent_connector.tools.modeladmin.encode import encode_form
from agent_connector.tools.modeladmin.request import posted
from panel.shop.models import Product, Tag
from tests.awkward.admin import site

SOME = examples(max_examples=20, deadline=None, derandomize=True, database=None)
CHOICES = [("a", "A"), ("b,c", "B"), ("1", "One"), ("ü ?", "U")]
KEYS = st.sampled_from([value for value, _label in CHOICES])
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)
AMOUNTS = st.decimals(-(10**9), 10**9, places=2)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2080, 1, 1)).map(  # noqa: DTZ001  # made aware
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


class Size(forms.MultiWidget):
    """A widget of a site's own, which names its parts."""

    def __init__(self) -> None:
        super().__init__({"x": forms.NumberInput(), "y": forms.NumberInput()})

    def decompress(self, value: str | None) -> list[str]:
        return value.split("x") if value else ["", ""]


class SizeField(forms.MultiValueField):
    widget = Size

    def __init__(self, **kwargs: Any) -> None:
        super().__init__((forms.IntegerField(), forms.IntegerField()), **kwargs)

    def compress(self, data_list: list[int]) -> str:
        return "x".join(map(str, data_list))


def same_from(field: forms.Field, value: Any) -> bool:
    """Say whether `value` comes back, sent by a form that shows it or another one."""

    class Form(forms.Form):
        one = field

    shown = Form(initial={"one": value})
    kept = Form(posted(encode_form(shown, {})), initial={"one": value})
    changed = Form(posted(encode_form(Form(), {"one": value})))
    for form in (kept, changed):
        assert form.is_valid(), (form.errors, form.data)
    came_back: bool = kept.cleaned_data["one"] == changed.cleaned_data["one"] == value
    return came_back and not kept.has_changed()


FIELDS: dict[str, tuple[forms.Field, st.SearchStrategy[Any]]] = {
    "text": (forms.CharField(strip=False, required=False), TEXT),
    "long text": (
        forms.CharField(strip=False, required=False, widget=AdminTextareaWidget),
        TEXT,
    ),
    "integer": (forms.IntegerField(), st.integers(-(10**12), 10**12)),
    "localized integer": (forms.IntegerField(localize=True), st.integers(0, 10**12)),
    "decimal": (forms.DecimalField(), AMOUNTS),
    "localized decimal": (forms.DecimalField(localize=True), AMOUNTS),
    "float": (forms.FloatField(), st.floats(allow_nan=False, allow_infinity=False)),
    "boolean": (forms.BooleanField(required=False), st.booleans()),
    "unknown boolean": (forms.NullBooleanField(), st.booleans() | st.none()),
    "boolean of radios": (
        forms.NullBooleanField(
            widget=forms.RadioSelect(
                choices=[("unknown", "?"), ("true", "Yes"), ("false", "No")]
            )
        ),
        st.booleans(),
    ),
    "choice": (forms.ChoiceField(choices=CHOICES), KEYS),
    "radios": (forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect), KEYS),
    "typed choice": (
        forms.TypedChoiceField(choices=[(1, "one"), (2, "two")], coerce=int),
        st.sampled_from([1, 2]),
    ),
    "choices": (
        forms.MultipleChoiceField(choices=CHOICES, required=False),
        st.lists(KEYS, unique=True),
    ),
    "boxes": (
        forms.MultipleChoiceField(
            choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
        ),
        st.lists(KEYS, unique=True),
    ),
    "day": (forms.DateField(), DAYS),
    "day in parts": (
        forms.DateField(widget=forms.SelectDateWidget(years=range(1900, 2100))),
        DAYS,
    ),
    "clock": (
        forms.TimeField(),
        st.times().map(lambda one: one.replace(microsecond=0)),
    ),
    "moment": (forms.DateTimeField(), MOMENTS),
    "moment in two inputs": (
        forms.SplitDateTimeField(widget=AdminSplitDateTime),
        MOMENTS,
    ),
    "span": (
        forms.DurationField(),
        st.timedeltas(timedelta(days=-999), timedelta(days=999)),
    ),
    "document": (forms.JSONField(required=False), JSON),
    "uuid": (forms.UUIDField(), st.uuids()),
    "address": (forms.GenericIPAddressField(), st.ip_addresses(v=4).map(str)),
    "widget of a site's own": (
        SizeField(),
        st.tuples(st.integers(0, 99), st.integers(0, 99)).map(
            lambda pair: f"{pair[0]}x{pair[1]}"
        ),
    ),
}


@pytest.mark.parametrize("kind", FIELDS)
@SOME
@given(data=st.data())
def test_a_value_comes_back_in_the_sites_own_language(kind: str, data: Any) -> None:
    field, values = FIELDS[kind]

    assert same_from(field, data.draw(values))


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Phoenix"])
@pytest.mark.parametrize("kind", ["moment", "moment in two inputs"])
@SOME
@given(moment=MOMENTS)
def test_a_moment_comes_back_wherever_the_site_is(
    kind: str, zone: str, moment: datetime
) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert same_from(FIELDS[kind][0], moment)


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar", "en-in", "de-ch"])
@pytest.mark.parametrize("thousands", [True, False])
def test_numbers_and_days_come_back_however_people_write_them(
    language: str, thousands: Any, settings: Any
) -> None:
    settings.USE_THOUSAND_SEPARATOR = thousands

    with translation.override(language):
        for amount in ("0", "0.50", "-7.25", "1234.50", "1234567.89", "1234"):
            assert same_from(FIELDS["localized decimal"][0], Decimal(amount))
        for number in (0, 12, 1234, 1234567):
            assert same_from(FIELDS["localized integer"][0], number)
        for kind in ("day", "day in parts"):
            assert same_from(FIELDS[kind][0], date(2026, 3, 2))
        assert same_from(FIELDS["clock"][0], time(23, 5, 9))


@pytest.mark.django_db
def test_relations_typed_as_keys_come_back() -> None:
    tags = [Tag.objects.create(name=name) for name in "abc"]
    field = Product._meta.get_field("tags").formfield(
        widget=ManyToManyRawIdWidget(Product.tags.rel, site)
    )

    class Form(forms.Form):
        one = field

    form = Form(posted(encode_form(Form(), {"one": tags[:2]})))

    assert form.is_valid(), form.errors
    assert list(form.cleaned_data["one"]) == tags[:2]
