"""A program that connects, known by its client id."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Client(models.Model):
    """What the program said of itself is never trusted, only shown."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Client ID metadata document")
        DYNAMIC = "dynamic", _("Dynamic registration")
        MANUAL = "manual", _("Entered by an administrator")

    class AuthMethod(models.TextChoices):
        NONE = "none", _("None (public client)")
        SECRET_BASIC = "client_secret_basic", _("Secret in the header")
        SECRET_POST = "client_secret_post", _("Secret in the body")

    class Trust(models.TextChoices):
        DEFAULT = "default", _("Default")
        BLOCKED = "blocked", _("Blocked")

    client_id = models.CharField(_("client id"), max_length=512, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(
        _("name"), max_length=200, help_text=_("As the client calls itself.")
    )
    redirect_uris = models.JSONField(_("redirect URIs"), default=list)
    auth_method = models.CharField(
        _("authentication"),
        max_length=19,
        choices=AuthMethod,
        default=AuthMethod.NONE,
    )
    secret_digest = models.BinaryField(
        _("secret digest"), max_length=32, null=True, blank=True, editable=False
    )
    trust = models.CharField(
        _("trust"), max_length=7, choices=Trust, default=Trust.DEFAULT
    )
    host = models.CharField(
        _("verified host"),
        max_length=255,
        blank=True,
        help_text=_("The host that published the client's document; else empty."),
    )
    document_expires_at = models.DateTimeField(
        _("document counts until"),
        null=True,
        blank=True,
        help_text=_("It is fetched anew when somebody connects after that."),
    )
    created_at = models.DateTimeField(_("created at"))
    created_from = models.GenericIPAddressField(
        _("created from"), null=True, blank=True
    )
    first_used_at = models.DateTimeField(_("first used"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        default_permissions = ("change",)
        verbose_name = _("client")
        verbose_name_plural = _("Clients")
        indexes = (
            models.Index(
                fields=["kind", "first_used_at", "created_at"],
                name="agent_connector_client_sweep",
            ),
        )

    def __str__(self) -> str:
        return self.name
