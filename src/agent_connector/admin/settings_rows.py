"""Settings as their page lists them: rows in sections."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.settings_fields import SECOND, NetworksField
from agent_connector.admin.spans import span_text
from agent_connector.policy.settings import is_locked

NUMBER = re.compile("[0-9]{1,9}")
BY_TEST = "client_id_metadata_documents"
"""The switch that a form only turns off: it goes on when a test has succeeded."""

GROUPS = (
    (_("General"), ("mcp_server_enabled", "agents_may_change_data")),
    (
        _("Security"),
        ("allowed_addresses", "calls_per_minute", "refused_calls_to_suspend"),
    ),
    (
        _("Authentication"),
        (
            *("access_token_lifetime", "refresh_token_lifetime"),
            *("connection_lifetime", "authorization_code_lifetime"),
            *("refresh_grace", "dynamic_client_registration"),
            "client_id_metadata_documents",
            *("personal_access_tokens", "personal_access_token_lifetime"),
            "new_staff_enabled",
        ),
    ),
    (_("Logging"), ("tool_call_retention", "store_arguments")),
    (
        _("Notifications"),
        (
            *("notify_new_connection", "notify_reuse_alarm"),
            *("notify_revoked_by_others", "notify_expiring_token"),
            "notify_administrators",
        ),
    ),
)
"""The settings in the order of the page, under their headings."""


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
