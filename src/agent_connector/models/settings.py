"""The settings of this site that administrators change on a page: one row."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agent_connector.conf import LONGEST_CODE_LIFETIME, Conf

THE_ROW = 1
"""Primary key of the only row. While it does not exist, the defaults apply."""

_DEFAULTS = Conf()
_NOTHING = timedelta(0)


class ConnectorSettings(models.Model):
    """Named as in `settings.AGENT_CONNECTOR`, which wins over what is stored here."""

    id = models.PositiveSmallIntegerField(
        primary_key=True, default=THE_ROW, editable=False
    )
    mcp_server_enabled = models.BooleanField(
        _("Enable MCP Server"), default=_DEFAULTS.mcp_server_enabled
    )
    agents_may_change_data = models.BooleanField(
        _("Agents may change data"), default=_DEFAULTS.agents_may_change_data
    )
    allowed_addresses = models.TextField(
        _("Allowed IP addresses"), default="", blank=True
    )
    calls_per_minute = models.PositiveIntegerField(
        _("Calls per minute"), default=_DEFAULTS.calls_per_minute
    )
    refused_calls_to_suspend = models.PositiveIntegerField(
        _("Refused calls in a row"), default=_DEFAULTS.refused_calls_to_suspend
    )
    access_token_lifetime = models.DurationField(
        _("Access token lifetime"), default=_DEFAULTS.access_token_lifetime
    )
    refresh_token_lifetime = models.DurationField(
        _("Refresh token lifetime"), default=_DEFAULTS.refresh_token_lifetime
    )
    connection_lifetime = models.DurationField(
        _("Absolute lifetime of a connection"), default=_DEFAULTS.connection_lifetime
    )
    authorization_code_lifetime = models.DurationField(
        _("Authorization code lifetime"),
        default=_DEFAULTS.authorization_code_lifetime,
    )
    refresh_grace = models.DurationField(
        _("Refresh grace"), default=_DEFAULTS.refresh_grace
    )
    dynamic_client_registration = models.BooleanField(
        _("Dynamic client registration"),
        default=_DEFAULTS.dynamic_client_registration,
    )
    personal_access_tokens = models.BooleanField(
        _("Personal access tokens"), default=_DEFAULTS.personal_access_tokens
    )
    personal_access_token_lifetime = models.DurationField(
        _("Longest lifetime of a personal access token"),
        default=_DEFAULTS.personal_access_token_lifetime,
    )
    client_id_metadata_documents = models.BooleanField(
        _("Client ID metadata documents"),
        default=_DEFAULTS.client_id_metadata_documents,
    )
    new_staff_enabled = models.BooleanField(
        _("New staff users start enabled"), default=_DEFAULTS.new_staff_enabled
    )
    tool_call_retention = models.DurationField(
        _("Keep tool calls for"), default=_DEFAULTS.tool_call_retention
    )
    store_arguments = models.BooleanField(
        _("Store arguments"), default=_DEFAULTS.store_arguments
    )
    notify_new_connection = models.BooleanField(
        _("New connection"), default=_DEFAULTS.notify_new_connection
    )
    notify_reuse_alarm = models.BooleanField(
        _("Alarms"), default=_DEFAULTS.notify_reuse_alarm
    )
    notify_revoked_by_others = models.BooleanField(
        _("Revoked by somebody else"), default=_DEFAULTS.notify_revoked_by_others
    )
    notify_expiring_token = models.BooleanField(
        _("Personal access token about to expire"),
        default=_DEFAULTS.notify_expiring_token,
    )
    notify_administrators = models.BooleanField(
        _("Also mail administrators"), default=_DEFAULTS.notify_administrators
    )

    class Meta:
        default_permissions = ("change",)
        verbose_name = _("Settings")
        verbose_name_plural = _("Settings")
        constraints = (
            models.CheckConstraint(
                name="agent_connector_settings_is_one_row", condition=Q(id=THE_ROW)
            ),
            models.CheckConstraint(
                name="agent_connector_settings_lifetimes",
                condition=Q(
                    access_token_lifetime__gt=_NOTHING,
                    refresh_token_lifetime__gt=_NOTHING,
                    connection_lifetime__gt=_NOTHING,
                    authorization_code_lifetime__gt=_NOTHING,
                    authorization_code_lifetime__lte=LONGEST_CODE_LIFETIME,
                    refresh_grace__gte=_NOTHING,
                    personal_access_token_lifetime__gt=_NOTHING,
                    tool_call_retention__gt=_NOTHING,
                ),
            ),
        )

    def __str__(self) -> str:
        return str(_("Settings"))
