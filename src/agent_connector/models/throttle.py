"""How often something happened within one span of time, so that it can be limited."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Throttle(models.Model):
    """One count. Whom it is about cannot be read from it: the key is a digest."""

    class Scope(models.TextChoices):
        PASSWORD_USER = "password_user", _("Password confirmation, by user")
        PASSWORD_ADDRESS = "password_address", _("Password confirmation, by address")
        DOCUMENT_URL = "document_url", _("Client documents, by URL")
        DOCUMENT_USER = "document_user", _("Client documents, by user")
        DOCUMENT_FETCH = "document_fetch", _("Client documents, all together")
        TOKEN_ENDPOINT = "token_endpoint", _("Token endpoint, by client and address")
        CONSENT_REFUSED = "consent_refused", _("Refused sign-ins on record, by user")
        REGISTRATION = "registration", _("Client registration, by address")
        ADDRESS_REFUSED = "address_refused", _("Refused addresses on record")
        DOCTOR = "doctor", _("Runs of the doctor from its page")

    scope = models.CharField(_("scope"), max_length=32, choices=Scope)
    key = models.BinaryField(_("key"), max_length=32, editable=False)
    window = models.DateTimeField(
        _("window"), db_index=True, help_text=_("When the span of time began.")
    )
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        default_permissions = ()
        verbose_name = _("throttle")
        verbose_name_plural = _("throttles")
        constraints = (
            models.UniqueConstraint(
                fields=["scope", "key", "window"],
                name="agent_connector_throttle_one_count",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_scope_display()} #{self.pk}"
