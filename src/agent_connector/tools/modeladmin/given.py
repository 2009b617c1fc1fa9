"""Read the values that an agent gives for the fields of a form."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.arrays import items_field, read_items
from agent_connector.tools.modeladmin.keys import fits
from agent_connector.tools.modeladmin.settable import obstacle_to, settable_fields
from agent_connector.tools.modeladmin.values import is_clipped
from agent_connector.tools.suggest import did_you_mean, quoted

CLIPPED = "This text was clipped when you read it; writing it would lose the rest."
NEEDS_BOOLEAN = "Give true or false."
NEEDS_LIST = "Give a list."
NEEDS_TEXT = "Give a text."
NEEDS_SECONDS = "Give whole seconds."
NEEDS_TIME = "Give date and time in ISO 8601 with offset, as 2026-03-02T12:00:00+01:00."
NEEDS_DATE = "Give a date in ISO 8601, as 2026-03-02."
NEEDS_CLOCK = "Give a time in ISO 8601, as 12:00:00."


class Unfit(ValueError):
    """The value is not of the field's kind. Holds what to give."""


def read_given(form: forms.BaseForm, given: dict[str, Any]) -> dict[str, Any]:
    """Return Python values for the fields named in `given`.

    Raises:
        ToolFailed: a field is unknown or may not be set, or a value is of another
            kind. Says so field by field, and which fields may be set.
    """
    settable = list(settable_fields(form))
    values: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, value in given.items():
        try:
            values[name] = _read(form, name, value, settable=settable)
        except Unfit as unfit:
            wrong[name] = [str(unfit)]
    if wrong:
        raise ToolFailed(
            "Some values cannot be taken. Nothing was changed.",
            code="invalid_values",
            fields=wrong,
            allowed=settable,
        )
    return values


def _read(form: forms.BaseForm, name: str, value: Any, *, settable: list[str]) -> Any:
    field = form.fields.get(name)
    if field is None:
        raise Unfit(
            f"{quoted(name)} is not a field that can be set."
            + did_you_mean(name, settable)
        )
    obstacle = obstacle_to(name, form)
    if obstacle is not None:
        raise Unfit(obstacle)
    return read_value(field, value)


def read_value(field: forms.Field, value: Any) -> Any:
    """Return a JSON value as the Python value that the field shows.

    A text that a number or relation cannot be made of is passed on: the field's own
    words are better than ours.

    Raises:
        Unfit: the value is of another kind, and the widget could not say it.
    """
    if isinstance(field, forms.JSONField):
        return value
    if isinstance(field, forms.BooleanField):
        return _boolean(field, value)
    if isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        return [_within_range(field, one) for one in _several(value)]
    if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        return "" if value is None else _within_range(field, _one(value))
    if items_field(field) is not None:
        return _array(field, value)
    return None if value is None else _scalar(field, value)


def _scalar(field: forms.Field, value: Any) -> Any:
    if isinstance(value, (bool, list, dict)):
        raise Unfit(NEEDS_TEXT)
    if isinstance(field, (forms.DateTimeField, forms.SplitDateTimeField)):
        return _moment_within_reach(field, str(value))
    if isinstance(field, forms.DateField):
        return _parsed(parse_date, value, NEEDS_DATE)
    if isinstance(field, forms.TimeField):
        return _parsed(parse_time, value, NEEDS_CLOCK)
    if isinstance(field, (forms.DecimalField, forms.FloatField)):
        return _number(value)
    if is_clipped(str(value)):
        raise Unfit(CLIPPED)
    return str(value)


def _boolean(field: forms.Field, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if value is None and isinstance(field, forms.NullBooleanField):
        return None
    raise Unfit(NEEDS_BOOLEAN)


def _several(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unfit(NEEDS_LIST)
    return [_one(item) for item in value]


def _array(field: Any, value: Any) -> list[Any]:
    if value is None:
        return []
    try:
        return read_items(field, value, lambda item: read_value(field.base_field, item))
    except ValueError as error:
        raise Unfit(str(error)) from error


def _one(value: Any) -> str:
    """Return one choice; what `get_record` shows of it may be sent back as it is."""
    if isinstance(value, dict):
        value = value.get("id", value.get("value"))
    if value is None or isinstance(value, (bool, list, dict)):
        raise Unfit("Give the id or value of a choice, as text.")
    return str(value)


def _within_range(field: Any, choice: str) -> str:
    """Return the choice; a key beyond all databases is one that is not there."""
    queryset = getattr(field, "queryset", None)
    if queryset is None:
        return choice
    meta = queryset.model._meta
    key = meta.get_field(field.to_field_name) if field.to_field_name else meta.pk
    if not fits(key, choice):
        raise Unfit(field.error_messages["invalid_choice"] % {"value": choice})
    return choice


def _parsed(parse: Any, value: Any, needs: str) -> Any:
    if value == "":
        return None
    try:
        parsed = parse(str(value))
    except ValueError:
        parsed = None
    if parsed is None:
        raise Unfit(needs)
    return parsed


def _moment_within_reach(field: forms.Field, value: str) -> Any:
    """Return a moment that can be stored, in UTC, and shown, in the site's time.

    At both ends of the calendar an offset leads out of it.
    """
    try:
        moment = _moment(field, value)
        if moment is not None and timezone.is_aware(moment):
            timezone.localtime(moment.astimezone(UTC))
    except OverflowError as error:
        raise Unfit(NEEDS_TIME) from error
    return moment


def _moment(field: forms.Field, value: str) -> Any:
    """Return a moment; without an offset it is meant in the site's time zone."""
    moment = _parsed(parse_datetime, value, NEEDS_TIME)
    if moment is None:
        return None
    if moment.microsecond and not field.widget.supports_microseconds:
        raise Unfit(NEEDS_SECONDS)
    if settings.USE_TZ:
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value
