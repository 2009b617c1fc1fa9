"""The record of one attempt to use a tool."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent_connector.models.connection import Connection


class ToolCall(models.Model):
    """One row per attempt, also of refused and unknown calls."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        ASKED = "asked", _("Asked")

    at = models.DateTimeField(_("time"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # the one with the time serves, too
        related_name="+",
        verbose_name=_("user"),
    )
    user_name = models.CharField(_("user name"), max_length=150)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tool_calls",
        verbose_name=_("connection"),
    )
    client_name = models.CharField(_("client"), max_length=200)
    tool = models.CharField(_("tool"), max_length=128)
    model = models.CharField(_("model"), max_length=200, blank=True)
    object_id = models.CharField(_("object"), max_length=255, blank=True)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    duration = models.DurationField(_("duration"))
    arguments = models.JSONField(
        _("arguments"), default=dict, blank=True, help_text=_("Redacted.")
    )
    changes = models.JSONField(
        _("changes"),
        default=list,
        blank=True,
        help_text=_("Values before and after, redacted."),
    )
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        permissions = (
            ("view_toolcall_arguments", "Can view the arguments of tool calls"),
        )
        verbose_name = _("tool call")
        verbose_name_plural = _("Tool Calls")
        indexes = (
            models.Index(fields=["user", "-at"], name="agent_connector_call_by_user"),
            models.Index(
                fields=["client_name", "-at"], name="agent_connector_call_by_client"
            ),
            models.Index(fields=["tool", "-at"], name="agent_connector_call_by_tool"),
            models.Index(fields=["model", "-at"], name="agent_connector_call_by_model"),
            models.Index(
                fields=["object_id", "-at"], name="agent_connector_call_by_object"
            ),
            models.Index(
                fields=["outcome", "-at"], name="agent_connector_call_outcome"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tool} #{self.pk}"
