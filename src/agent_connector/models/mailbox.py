"""When the next mail may go to a person: one row for each that was ever mailed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Mailbox(models.Model):
    """Whoever moves `next_at` forward, by one conditional UPDATE, may send one mail."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("user"),
    )
    next_at = models.DateTimeField(_("not before"), db_index=True)
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("That failed since the last success.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return f"#{self.pk}"
