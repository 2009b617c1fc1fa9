"""The append-only record of what was done to access, connections and clients."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent_connector.models.connection import Connection


class Event(models.Model):
    """One administrative or security-relevant act. Never holds a secret."""

    class Kind(models.TextChoices):
        ACCESS_ENABLED = "access_enabled", _("MCP access enabled")
        ACCESS_DISABLED = "access_disabled", _("MCP access disabled")
        CLIENT_REGISTERED = "client_registered", _("Client registered")
        CLIENT_CHANGED = "client_changed", _("Document of a client changed")
        CLIENT_ADDED = "client_added", _("Client added")
        CLIENT_NEW_SECRET = "client_new_secret", _("New client secret")
        CLIENT_BLOCKED = "client_blocked", _("Client blocked")
        CLIENT_UNBLOCKED = "client_unblocked", _("Client unblocked")
        CONSENT_REFUSED = "consent_refused", _("Sign-in of a client refused")
        CONSENT_DENIED = "consent_denied", _("Consent denied")
        CONNECTION_OPENED = "connection_opened", _("Connection opened")
        CONNECTION_REVOKED = "connection_revoked", _("Connection revoked")
        CONNECTION_SUSPENDED = "connection_suspended", _("Connection suspended")
        CONNECTION_RESUMED = "connection_resumed", _("Connection resumed")
        ADDRESS_REFUSED = "address_refused", _("Network address refused")
        REFRESH_REUSED = "refresh_reused", _("Refresh token used twice")
        CODE_REPLAYED = "code_replayed", _("Authorization code used twice")
        PASSWORD_REFUSED = "password_refused", _("Password confirmation failed")
        SETTINGS_CHANGED = "settings_changed", _("Settings changed")
        ROLE_CHANGED = "role_changed", _("Role changed")

    at = models.DateTimeField(_("time"), db_index=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    connection = models.ForeignKey(
        Connection,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("connection"),
    )
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = (
            models.Index(fields=["user", "-at"], name="agent_connector_event_by_user"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
