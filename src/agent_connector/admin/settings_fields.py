"""Form fields for settings: spans of time and lists of networks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.policy.networks import format_networks, parse_networks

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


class SpanField(forms.IntegerField):
    """A whole number of `unit`, as a `timedelta`."""

    def __init__(
        self, *, unit: timedelta, unit_name: str | Promise, **options: Any
    ) -> None:
        super().__init__(**options)
        self.unit = unit
        self.unit_name = unit_name

    def prepare_value(self, value: Any) -> Any:
        return value // self.unit if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> Any:
        """Return the span.

        Raises:
            ValidationError: no whole number within the limits.
        """
        if isinstance(value, timedelta):  # locked: the form puts the initial value in
            return value
        return super().clean(value) * self.unit


def seconds(label: str | Promise, *, least: int, most: int, text: Any) -> SpanField:
    return SpanField(
        label=label,
        unit=SECOND,
        unit_name=_("seconds"),
        min_value=least,
        max_value=most,
        help_text=text,
    )


class CountField(forms.IntegerField):
    """A whole number of what `unit_name` says."""

    def __init__(self, *, unit_name: str | Promise, **options: Any) -> None:
        super().__init__(**options)
        self.unit_name = unit_name


class NetworksField(forms.CharField):
    """Addresses and networks, one a line, as a tuple of networks."""

    widget = forms.Textarea(
        attrs={"rows": 4, "placeholder": "203.0.113.0/24", "spellcheck": "false"}
    )

    def prepare_value(self, value: Any) -> Any:
        return format_networks(value) if isinstance(value, tuple) else value

    def clean(self, value: Any) -> Any:
        """Return the networks.

        Raises:
            ValidationError: a line is none; it is named.
        """
        if isinstance(value, tuple):  # locked: the form puts the initial value in
            return value
        networks: list[Any] = []
        for line in super().clean(value).splitlines():
            try:
                networks += parse_networks(line)
            except ValueError:
                raise ValidationError(
                    _("“%(line)s” is no address and no network."),
                    params={"line": line.strip()},
                ) from None
        return tuple(networks)
