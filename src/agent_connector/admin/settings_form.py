"""The form of the site's settings: each value typed, judged, and locked if code sets it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.spans import span_text
from agent_connector.models import ConnectorSettings
from agent_connector.policy.settings import NAMES, SiteSettings, is_locked

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
YEAR_SECONDS = 31_536_000
NUMBER = re.compile("[0-9]{1,9}")
BY_TEST = "client_id_metadata_documents"
"""The switch that a form only turns off: it goes on when a test has succeeded."""


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


def _seconds(label: str | Promise, *, least: int, most: int, text: Any) -> SpanField:
    return SpanField(
        label=label,
        unit=SECOND,
        unit_name=_("seconds"),
        min_value=least,
        max_value=most,
        help_text=text,
    )


class SettingsForm(forms.Form):
    """What is in force, to be changed where code leaves it open."""

    mcp_server_enabled = forms.BooleanField(
        label=_("Enable MCP Server"),
        required=False,
        help_text=_(
            "The master switch. Off: every request of an AI client is answered with"
            " “switched off, try again later”, and nobody can connect a new one."
            " Existing tokens survive and work again when it is on."
        ),
    )
    agents_may_change_data = forms.BooleanField(
        label=_("Agents may change data"),
        required=False,
        help_text=_(
            "Off: agents can search and read, and nothing else, whatever they were"
            " allowed when they were connected."
        ),
    )
    access_token_lifetime = _seconds(
        _("Access token lifetime"),
        least=60,
        most=7 * 86_400,
        text=_(
            "How long a client works before it fetches its next token, which it does"
            " by itself."
        ),
    )
    refresh_token_lifetime = _seconds(
        _("Refresh token lifetime"),
        least=300,
        most=YEAR_SECONDS,
        text=_(
            "How long a client may stay unused before a person has to sign in again."
        ),
    )
    connection_lifetime = SpanField(
        label=_("Absolute lifetime of a connection"),
        unit=DAY,
        unit_name=_("days"),
        min_value=1,
        max_value=3650,
        help_text=_(
            "After this a person has to sign in again, however much the client was"
            " used. Connections that are open keep the end they have."
        ),
    )
    authorization_code_lifetime = _seconds(
        _("Authorization code lifetime"),
        least=10,
        most=600,
        text=_(
            "How long a client has to fetch its first token after somebody pressed"
            " Authorize. At most 600."
        ),
    )
    refresh_grace = _seconds(
        _("Refresh grace"),
        least=0,
        most=300,
        text=_(
            "How long a refresh may be repeated and is answered with the same tokens:"
            " windows of one client do so, and clients whose network broke. A stolen"
            " refresh token raises no alarm meanwhile. 0: a second time always ends the"
            " connection."
        ),
    )
    dynamic_client_registration = forms.BooleanField(
        label=_("Dynamic client registration"),
        required=False,
        help_text=_(
            "Lets a program that is unknown so far register itself, as most AI clients"
            " do when they connect for the first time. A registered program can do"
            " nothing until a person has authorized it. Off: only known clients connect."
        ),
    )
    personal_access_tokens = forms.BooleanField(
        label=_("Personal access tokens"),
        required=False,
        help_text=_(
            "Lets each user whose MCP access is enabled make tokens under Account"
            " Setting, for a script or a client that cannot sign in through the browser."
            " Off: nobody makes one, and those that exist are refused; on again, they"
            " work until they expire."
        ),
    )
    personal_access_token_lifetime = SpanField(
        label=_("Longest lifetime of a personal access token"),
        unit=DAY,
        unit_name=_("days"),
        min_value=1,
        max_value=365,
        help_text=_(
            "Who makes one chooses how long it works, at most this long. Tokens that"
            " exist keep the end they have."
        ),
    )
    client_id_metadata_documents = forms.BooleanField(
        label=_("Client ID metadata documents"),
        required=False,
        help_text=_(
            "Lets a program be known by the https address of its own description, which"
            " this server fetches when somebody connects it: so the page can say which"
            " host vouches for it. A successful test fetch switches it on."
        ),
    )

    groups = (
        (_("General"), ("mcp_server_enabled", "agents_may_change_data")),
        (
            _("Authentication"),
            (
                *("access_token_lifetime", "refresh_token_lifetime"),
                *("connection_lifetime", "authorization_code_lifetime"),
                *("refresh_grace", "dynamic_client_registration"),
                "client_id_metadata_documents",
                *("personal_access_tokens", "personal_access_token_lifetime"),
            ),
        ),
    )

    def __init__(self, data: Any = None, *, in_force: SiteSettings) -> None:
        super().__init__(data, initial=asdict(in_force))
        for name in NAMES:
            field = self.fields[name]
            only_by_test = name == BY_TEST and not getattr(in_force, name)
            field.disabled = is_locked(name) or only_by_test

    def clean(self) -> dict[str, Any]:
        """Compare the lifetimes: one that outlasts what it belongs to is a mistake.

        Raises nothing: the errors stand at their fields.
        """
        values = super().clean() or self.cleaned_data
        self._require_order(
            "access_token_lifetime",
            "refresh_token_lifetime",
            _("This is longer than the refresh token lifetime."),
        )
        self._require_order(
            "refresh_token_lifetime",
            "connection_lifetime",
            _("This is longer than the absolute lifetime of a connection."),
        )
        return values

    def _require_order(self, shorter: str, longer: str, text: Any) -> None:
        one, other = self.cleaned_data.get(shorter), self.cleaned_data.get(longer)
        if one is None or other is None or one <= other:
            return
        culprit = longer if is_locked(shorter) else shorter
        if not is_locked(culprit):
            self.add_error(culprit, text if culprit == shorter else _("Too short."))

    @property
    def sections(self) -> list[Section]:
        return [
            Section(title=title, rows=[SettingRow(field=self[name]) for name in names])
            for title, names in self.groups
        ]

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Return what differs from what is in force: old and new value by name."""
        return {
            name: (self.initial[name], value)
            for name, value in self.cleaned_data.items()
            if not is_locked(name) and self.initial[name] != value
        }

    def store(self, row: ConnectorSettings) -> None:
        """Save what was changed; a locked value is never stored."""
        for name, (_old, new) in self.changes().items():
            setattr(row, name, new)
        row.save()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting as the page shows it."""

    field: BoundField

    @property
    def is_switch(self) -> bool:
        return isinstance(self.field.field, forms.BooleanField)

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
