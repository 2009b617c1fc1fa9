"""The stored proof of a connection: an access, refresh or personal token."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agent_connector.models.connection import Connection
from agent_connector.models.level import Level


class Token(models.Model):
    """Only the digest is kept; the text was shown to its client once.

    Rows are never touched to revoke: the connection says whether they still count.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("Access token")
        REFRESH = "refresh", _("Refresh token")
        PERSONAL = "personal", _("Personal access token")

    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="tokens",
        verbose_name=_("connection"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    digest = models.BinaryField(_("digest"), max_length=32, unique=True, editable=False)
    level = models.CharField(
        _("may do"),
        max_length=6,
        choices=Level,
        blank=True,
        help_text=_("Set where the token may do less than its connection."),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
        help_text=_("The refresh token that this one was issued for."),
    )
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"), db_index=True)
    used_at = models.DateTimeField(
        _("used at"),
        null=True,
        blank=True,
        help_text=_(
            "When it was exchanged for its latest pair, or gave way to one unseen."
        ),
    )
    first_used_at = models.DateTimeField(
        _("first used at"),
        null=True,
        blank=True,
        help_text=_("When it was first presented: proof that it had arrived."),
    )
    successor_salt = models.BinaryField(
        _("successor salt"),
        max_length=32,
        null=True,
        blank=True,
        editable=False,
        help_text=_("For the time of the grace: what its next pair is made of."),
    )
    hint = models.CharField(
        _("hint"), max_length=4, help_text=_("The last four characters.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        indexes = (
            models.Index(
                fields=["connection", "kind"], name="agent_connector_token_of_conn"
            ),
            models.Index(
                fields=["used_at"],
                condition=Q(successor_salt__isnull=False),
                name="agent_connector_token_salted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
