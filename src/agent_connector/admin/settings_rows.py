"""Settings as their page lists them: rows in sections."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise

from agent_connector.admin.settings_fields import SECOND, NetworksField
from agent_connector.admin.spans import span_text
from agent_connector.policy.settings import is_locked

NUMBER = re.compile("[0-9]{1,9}")
BY_TEST = "client_id_metadata_documents"
"""The switch that a form only turns off: it goes on when a test has succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting as the page shows it."""

    field: BoundField

    @property
    def is_switch(self) -> bool:
        return isinstance(self.field.field, forms.BooleanField)

    @property
    def is_long(self) -> bool:
        return isinstance(self.field.field, NetworksField)

    @property
    def unit(self) -> str | Promise:
        return getattr(self.field.field, "unit_name", "")

    @property
    def is_in_seconds(self) -> bool:
        return getattr(self.field.field, "unit", None) == SECOND

    @property
    def meaning(self) -> str:
        """Return a number of seconds as people say it; "" below one minute."""
        given = str(self.field.value())
        is_number = self.is_in_seconds and NUMBER.fullmatch(given)
        return span_text(int(given)) if is_number else ""

    @property
    def has_test(self) -> bool:
        return self.field.name == BY_TEST and not self.lock

    @property
    def lock(self) -> str:
        """The name under which code sets it; "" where the page does."""
        return self.field.name.upper() if is_locked(self.field.name) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Settings that belong together."""

    title: str | Promise
    rows: list[SettingRow]
