"""Whether, since when and how far a user's clients may act."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent_connector.models.level import Level


class MCPAccess(models.Model):
    """One row per user who was ever enabled; a user without a row is disabled."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="mcp_access",
        verbose_name=_("user"),
    )
    enabled = models.BooleanField(_("enabled"), default=False, db_index=True)
    added_at = models.DateTimeField(
        _("added to MCP"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("When access was enabled for the first time."),
    )
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    ceiling = models.CharField(
        _("ceiling"),
        max_length=6,
        choices=Level,
        default=Level.DELETE,
        help_text=_("The widest level that any client of this user may be given."),
    )
    last_used_at = models.DateTimeField(
        _("last used"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The last tool call that was not refused."),
    )
    epoch = models.PositiveIntegerField(
        _("epoch"),
        default=0,
        help_text=_("A connection opened under an older epoch is dead."),
    )

    class Meta:
        default_permissions = ("change",)
        verbose_name = _("MCP access")
        verbose_name_plural = _("MCP access")

    def __str__(self) -> str:
        state = _("Enabled") if self.enabled else _("Disabled")
        return f"#{self.pk}: {state}"
