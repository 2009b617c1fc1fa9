"""The form of the site's settings: each value typed, judged, and locked if code sets it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.settings_fields import (
    DAY,
    CountField,
    NetworksField,
    SpanField,
    seconds,
)
from agent_connector.admin.settings_rows import BY_TEST, GROUPS, Section, SettingRow
from agent_connector.models import ConnectorSettings
from agent_connector.policy.networks import format_networks
from agent_connector.policy.settings import NAMES, SiteSettings, is_locked

YEAR_SECONDS = 31_536_000


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
    allowed_addresses = NetworksField(
        label=_("Allowed IP addresses"),
        required=False,
        help_text=_(
            "One address or network (CIDR) a line, IPv4 or IPv6. Requests of AI clients"
            " from elsewhere are refused before their token is looked at, and so are"
            " people who authorize one. A hosted client comes from the network of its maker."
            " Empty: this is off, and they may come from everywhere."
        ),
    )
    calls_per_minute = CountField(
        label=_("Calls per minute"),
        unit_name=_("calls"),
        min_value=0,
        max_value=100_000,
        help_text=_(
            "How many tools one client may call in a minute. One that calls more is"
            " told when to come back. 0 means no limit."
        ),
    )
    refused_calls_to_suspend = CountField(
        label=_("Refused calls in a row"),
        unit_name=_("calls"),
        min_value=0,
        max_value=100_000,
        help_text=_(
            "A client that is refused so many times without a success between is"
            " suspended until its user or an administrator resumes it. 0 means never."
        ),
    )
    access_token_lifetime = seconds(
        _("Access token lifetime"),
        least=60,
        most=7 * 86_400,
        text=_(
            "How long a client works before it fetches its next token, which it does"
            " by itself."
        ),
    )
    refresh_token_lifetime = seconds(
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
    authorization_code_lifetime = seconds(
        _("Authorization code lifetime"),
        least=10,
        most=600,
        text=_(
            "How long a client has to fetch its first token after somebody pressed"
            " Authorize. At most 600."
        ),
    )
    refresh_grace = seconds(
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
            "The longest lifetime that somebody who makes one can choose. Tokens that"
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

    new_staff_enabled = forms.BooleanField(
        label=_("New staff users start enabled"),
        required=False,
        help_text=_(
            "MCP access of users who become staff from now on, except superusers. Off:"
            " somebody enables it for each of them. Users who are staff stay as they"
            " are."
        ),
    )
    tool_call_retention = SpanField(
        label=_("Keep tool calls for"),
        unit=DAY,
        unit_name=_("days"),
        min_value=1,
        max_value=3650,
        help_text=_(
            "Older tool calls are removed by the command “agent_connector prune”,"
            " which should run every night."
        ),
    )
    store_arguments = forms.BooleanField(
        label=_("Store arguments"),
        required=False,
        help_text=_(
            "What agents asked for and which values they changed, without secrets,"
            " for those who may see it. Off: the record says which tool and which"
            " object, no more. What was stored before is kept."
        ),
    )
    notify_new_connection = forms.BooleanField(
        label=_("New connection"),
        required=False,
        help_text=_("Mail users when an AI client was connected in their name."),
    )
    notify_reuse_alarm = forms.BooleanField(
        label=_("Alarms"),
        required=False,
        help_text=_(
            "Mail users when a token or code of a connection of theirs was used twice,"
            " which happens when one was stolen and ends the connection, and when a"
            " connection was suspended."
        ),
    )
    notify_revoked_by_others = forms.BooleanField(
        label=_("Revoked by somebody else"),
        required=False,
        help_text=_("Mail users when somebody else revoked tokens of theirs."),
    )
    notify_expiring_token = forms.BooleanField(
        label=_("Personal access token about to expire"),
        required=False,
        help_text=_("Mail users a week before a personal access token expires."),
    )
    notify_administrators = forms.BooleanField(
        label=_("Also mail administrators"),
        required=False,
        help_text=_("Every active superuser gets the mails above, too."),
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
            for title, names in GROUPS
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
            is_list = isinstance(new, tuple)
            setattr(row, name, format_networks(new) if is_list else new)
        row.save()
