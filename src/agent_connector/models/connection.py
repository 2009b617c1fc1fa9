"""The standing result of one consent: one user, one client, one level."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agent_connector.models.client import Client
from agent_connector.models.level import Level


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def listed(self) -> Self:
        """Connections whose first code was exchanged: those that people see."""
        return self.filter(exchanged_at__isnull=False)

    def unrevoked(self) -> Self:
        """Connections that nobody ended, whether or not a code was exchanged."""
        return self.filter(revoked_at=None)

    def active(self, *, at: datetime) -> Self:
        """Connections with a token that works, or can be refreshed, at `at`.

        The one definition of "active": the grid, the counts and the exports use
        it; `verify_access_token` checks the same facts on its one row.
        """
        return self.standing(at=at).filter(suspended_at=None)

    def standing(self, *, at: datetime) -> Self:
        """Active ones, and those that are as soon as somebody resumes them."""
        return self.listed().filter(
            Q(client=None) | ~Q(client__trust=Client.Trust.BLOCKED),
            revoked_at=None,
            expires_at__gt=at,
            absolute_expires_at__gt=at,
            user__is_active=True,
            user__is_staff=True,
            user__mcp_access__enabled=True,
            user__mcp_access__epoch=F("epoch"),
        )


class Connection(models.Model):
    """The unit of revocation: ending it ends every one of its tokens."""

    class Origin(models.TextChoices):
        OAUTH = "oauth", _("OAuth")
        PERSONAL = "personal", _("Personal access token")

    class RevokedReason(models.TextChoices):
        USER = "user", _("Revoked by its user")
        ADMIN = "admin", _("Revoked by an administrator")
        DISABLED = "disabled", _("MCP access was disabled")
        REUSE = "reuse", _("A refresh token was used twice")
        CODE_REPLAY = "code_replay", _("An authorization code was used twice")
        CLIENT = "client", _("Signed out by the client")
        REPLACED = "replaced", _("Replaced by a new sign-in of the same client")
        BLOCKED = "blocked", _("The client was blocked")
        PASSWORD = "password", _("The password was changed")
        LEAK = "leak", _("Found where it should not be")
        RESTORED = "restored", _("The database was restored from a backup")

    public_id = models.UUIDField(
        _("public id"), default=uuid.uuid4, unique=True, editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mcp_connections",
        verbose_name=_("user"),
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="connections",
        verbose_name=_("client"),
    )
    client_name = models.CharField(_("client name"), max_length=200, blank=True)
    client_host = models.CharField(_("verified host"), max_length=255, blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    label = models.CharField(_("label"), max_length=100, blank=True)
    level = models.CharField(_("may do"), max_length=6, choices=Level)
    resource = models.CharField(_("resource"), max_length=500)
    epoch = models.PositiveIntegerField(_("epoch"))
    created_at = models.DateTimeField(_("created at"))
    created_from = models.GenericIPAddressField(
        _("created from"), null=True, blank=True
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_from = models.GenericIPAddressField(
        _("last used from"), null=True, blank=True
    )
    expires_at = models.DateTimeField(
        _("sign-in needed after"),
        help_text=_("End of the connection when it is not used before; moves on use."),
    )
    absolute_expires_at = models.DateTimeField(_("ends at the latest"))
    exchanged_at = models.DateTimeField(_("exchanged at"), null=True, blank=True)
    window_at = models.DateTimeField(
        _("minute counted"),
        null=True,
        blank=True,
        help_text=_("When the minute began in which calls are counted."),
    )
    calls_in_window = models.PositiveIntegerField(_("calls in that minute"), default=0)
    limited_at = models.DateTimeField(
        _("minute limited"),
        null=True,
        blank=True,
        help_text=_("The last minute with too many calls: it is on record once."),
    )
    refused_in_row = models.PositiveIntegerField(_("refused calls in a row"), default=0)
    suspended_at = models.DateTimeField(
        _("suspended at"),
        null=True,
        blank=True,
        help_text=_("Refused until somebody resumes it; its tokens stay valid."),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )
    revoked_reason = models.CharField(
        _("revoked because"), max_length=11, choices=RevokedReason, blank=True
    )

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = (("revoke_connection", "Can revoke connections"),)
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = (
            models.CheckConstraint(
                name="agent_connector_connection_revoked_has_reason",
                condition=(
                    Q(revoked_at=None, revoked_by=None, revoked_reason="")
                    | Q(revoked_at__isnull=False) & ~Q(revoked_reason="")
                ),
            ),
        )
        indexes = (
            models.Index(
                fields=["user", "created_at"], name="agent_connector_conn_by_user"
            ),
            models.Index(
                fields=["user"],
                condition=Q(revoked_at=None),
                name="agent_connector_conn_live_user",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    @property
    def name(self) -> str:
        """What its client called itself, or its user a personal token; may be ""."""
        return self.client_name or self.label

    @property
    def is_personal(self) -> bool:
        """Whether it is a personal access token, and no client's."""
        return self.origin == self.Origin.PERSONAL
