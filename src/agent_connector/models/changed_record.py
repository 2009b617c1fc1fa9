"""A record of the site that a tool call changed, and where the admin's history says so."""

from __future__ import annotations

from django.contrib.admin.models import LogEntry
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent_connector.models.tool_call import ToolCall


class ChangedRecord(models.Model):
    """One row per record that a call created, changed or deleted.

    Written in the transaction of the change, by us alone: what a text of the history
    says of an agent is no proof, a row here is.
    """

    tool_call = models.ForeignKey(
        ToolCall,
        on_delete=models.CASCADE,
        related_name="changed_records",
        verbose_name=_("tool call"),
    )
    model = models.CharField(_("model"), max_length=200)
    object_id = models.CharField(_("object"), max_length=255)
    at = models.DateTimeField(_("time"))
    log_entry = models.ForeignKey(
        LogEntry,
        # The history is the site's: we stand in the way of nothing that it deletes or
        # keeps in another database.
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("log entry"),
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("changed record")
        verbose_name_plural = _("changed records")
        indexes = (
            models.Index(
                fields=["model", "object_id", "at"],
                name="agent_connector_changed_record",
            ),
        )

    def __str__(self) -> str:
        return f"{self.model} #{self.object_id}"
