"""What somebody is to be mailed about: the outbox, kept as a record of what was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent_connector.models.event import Event


class Notice(models.Model):
    """One event for one person. One mail carries all that wait for that person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        UNADDRESSED = "no_address", _("No address")

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("event"),
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("recipient"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.WAITING
    )
    made_at = models.DateTimeField(_("made at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = (
            models.UniqueConstraint(
                fields=["event", "recipient"], name="agent_connector_notice_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["recipient"],
                condition=models.Q(state="waiting"),
                name="agent_connector_notice_waiting",
            ),
            models.Index(fields=["done_at"], name="agent_connector_notice_done"),
        )

    def __str__(self) -> str:
        return f"{self.get_state_display()} #{self.pk}"
