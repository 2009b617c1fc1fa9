"""The append-only record of what was done to access, connections and clients."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agent_connector.errors import AppendOnly
from agent_connector.models.connection import Connection

LONGEST_NAME = 150
"""Of a sign-in name that is copied; what is longer is cut."""


class EventQuerySet(models.QuerySet["Event"]):
    """Adds and reads, and changes nothing.

    `_base_manager` knows no such rule: through it Django's SET_NULL works when a user
    is deleted, and so does retention, which nothing else may.
    """

    def update(self, **_fields: Any) -> NoReturn:
        raise AppendOnly("Events are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Events are deleted by their retention only.")


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
        TOKEN_EXPIRING = "token_expiring", _("Personal access token about to expire")
        PASSWORD_REFUSED = "password_refused", _("Password confirmation failed")
        SETTINGS_CHANGED = "settings_changed", _("Settings changed")
        ROLE_CHANGED = "role_changed", _("Role changed")
        RECORD_PRUNED = "record_pruned", _("Old records removed")

    class Audience(models.TextChoices):
        NOBODY = "", _("Nobody")
        USER = "user", _("The user")
        ADMINISTRATORS = "admin", _("The user and the administrators")

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
    actor_name = models.CharField(
        _("name of the actor"), max_length=LONGEST_NAME, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    user_name = models.CharField(
        _("name of the user"), max_length=LONGEST_NAME, blank=True
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
    audience = models.CharField(
        _("to be told"),
        max_length=5,
        choices=Audience,
        default=Audience.NOBODY,
        blank=True,
        help_text=_("Who is mailed about it, by the settings of that moment."),
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = (
            models.Index(fields=["user", "-at"], name="agent_connector_event_by_user"),
            models.Index(
                fields=["actor", "-at"],
                condition=Q(kind="password_refused"),
                name="agent_connector_event_guesses",
            ),
            models.Index(
                fields=["at"],
                condition=~Q(audience=""),
                name="agent_connector_event_to_tell",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def save(self, **options: Any) -> None:
        """Insert.

        Raises:
            AppendOnly: the row is stored already.
        """
        if not self._state.adding:
            raise AppendOnly("Events are never changed.")
        super().save(**{**options, "force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise AppendOnly("Events are deleted by their retention only.")
