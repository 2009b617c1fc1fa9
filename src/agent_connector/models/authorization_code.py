"""The code that carries a consent to the client: lives a minute, used once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agent_connector.models.connection import Connection


class AuthorizationCode(models.Model):
    """A used row is kept for a day, so that a replay is recognised as one."""

    digest = models.BinaryField(_("digest"), max_length=32, unique=True, editable=False)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="codes",
        verbose_name=_("connection"),
    )
    redirect_uri = models.CharField(_("redirect URI"), max_length=2000)
    challenge = models.CharField(
        _("challenge"), max_length=43, help_text=_("PKCE, method S256.")
    )
    expires_at = models.DateTimeField(_("expires at"), db_index=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("authorization code")
        verbose_name_plural = _("authorization codes")

    def __str__(self) -> str:
        return f"#{self.pk}"
