"""Values are read by the kind of their field, or refused by its name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from pytest_django import Settings

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.given import Unfit, read_given, read_value
from panel.shop.models import Category

COLOURS = [("r", "Red"), ("1", "One")]


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        (forms.CharField(), "text", "text"),
        (forms.CharField(), 7, "7"),
        (forms.CharField(), None, None),
        (forms.IntegerField(), 7, "7"),
        (forms.DecimalField(), "19.90", Decimal("19.90")),
        (forms.DecimalField(), 19.9, Decimal("19.9")),
        (forms.DecimalField(), "much", "much"),
        (forms.FloatField(), 0.5, Decimal("0.5")),
        (forms.BooleanField(), False, False),
        (forms.NullBooleanField(), None, None),
        (forms.DateField(), "2026-03-02", date(2026, 3, 2)),
        (forms.DateField(), "", None),
        (forms.TimeField(), "12:05", time(12, 5)),
        (forms.DurationField(), "1 02:00:00", "1 02:00:00"),
        (forms.JSONField(), {"a": 1}, {"a": 1}),
        (forms.ChoiceField(choices=COLOURS), "r", "r"),
        (forms.ChoiceField(choices=COLOURS), 1, "1"),
        (forms.ChoiceField(choices=COLOURS), {"value": "r", "label": "Red"}, "r"),
        (forms.ChoiceField(choices=COLOURS), None, ""),
        (forms.MultipleChoiceField(choices=COLOURS), ["r", 1], ["r", "1"]),
        (forms.MultipleChoiceField(choices=COLOURS), None, []),
        (forms.ModelChoiceField(Category.objects.none()), {"id": "3"}, "3"),
    ],
)
def test_a_value_is_read_by_the_kind_of_its_field(
    field: forms.Field, given: Any, value: Any
) -> None:
    assert read_value(field, given) == value


@pytest.mark.parametrize("kind", [forms.DateTimeField, forms.SplitDateTimeField])
def test_a_moment_keeps_its_offset_or_gets_the_sites(kind: type[forms.Field]) -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        aware = read_value(kind(), "2026-03-02T12:00:00+01:00")
        naive = read_value(kind(), "2026-03-02 12:00")

    assert aware == naive == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    assert aware.utcoffset() == timedelta(hours=1)


def test_a_site_without_time_zones_gets_its_own_time(settings: Settings) -> None:
    settings.USE_TZ = False

    with timezone.override(ZoneInfo("Europe/Berlin")):
        aware = read_value(forms.DateTimeField(), "2026-03-02T11:00:00Z")
        naive = read_value(forms.DateTimeField(), "2026-03-02 12:00")

    assert aware == naive == datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("field", "given"),
    [
        (forms.CharField(), ["a"]),
        (forms.CharField(), True),
        (forms.CharField(), "xx… [clipped: 5000 characters in all]"),
        (forms.BooleanField(), "true"),
        (forms.BooleanField(), None),
        (forms.DateField(), "tomorrow"),
        (forms.DateField(), "2026-02-30"),
        (forms.DateTimeField(), "12:00"),
        (forms.SplitDateTimeField(), "2026-13-01T00:00:00Z"),
        (forms.SplitDateTimeField(), "2026-03-02T12:00:00.5Z"),
        (forms.DateTimeField(), "0001-01-01T00:00:00+14:00"),
        (forms.SplitDateTimeField(), "9999-12-31T23:59:59-14:00"),
        (forms.TimeField(), "late"),
        (forms.ChoiceField(choices=COLOURS), ["r"]),
        (forms.ChoiceField(choices=COLOURS), True),
        (forms.MultipleChoiceField(choices=COLOURS), "r"),
        (forms.MultipleChoiceField(choices=COLOURS), [None]),
        (forms.IntegerField(), {"a": 1}),
    ],
)
def test_a_value_of_another_kind_is_refused(field: forms.Field, given: Any) -> None:
    with pytest.raises(Unfit):
        read_value(field, given)


class Form(forms.Form):
    name = forms.CharField()
    fixed = forms.CharField(disabled=True)
    api_token = forms.CharField()
    groups = forms.ModelMultipleChoiceField(Group.objects.none())


def test_every_wrong_field_is_named_with_what_is_allowed() -> None:
    given = {"nam": "x", "fixed": "x", "api_token": "x", "groups": ["1"], "name": []}

    with pytest.raises(ToolFailed) as failure:
        read_given(Form(), given)

    assert failure.value.fields.keys() == given.keys()
    assert failure.value.allowed == ["name"]
    assert "`name`" in failure.value.fields["nam"][0]
    assert failure.value.fields["fixed"] == ["This field is read-only."]


def test_values_that_fit_are_returned_by_field() -> None:
    assert read_given(Form(), {"name": "x"}) == {"name": "x"}
