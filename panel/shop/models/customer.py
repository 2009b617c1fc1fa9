"""A person who buys in the shop."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    class Country(models.TextChoices):
        AUSTRIA = "AT", _("Austria")
        BELGIUM = "BE", _("Belgium")
        DENMARK = "DK", _("Denmark")
        FRANCE = "FR", _("France")
        GERMANY = "DE", _("Germany")
        IRELAND = "IE", _("Ireland")
        NETHERLANDS = "NL", _("Netherlands")
        SPAIN = "ES", _("Spain")
        SWEDEN = "SE", _("Sweden")
        UNITED_KINGDOM = "GB", _("United Kingdom")

    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60)
    email = models.EmailField(_("e-mail"), unique=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    newsletter = models.BooleanField(_("newsletter"), default=False)
    notes = models.TextField(
        _("notes"), blank=True, help_text=_("Never shown to the customer.")
    )
    joined_at = models.DateTimeField(_("customer since"))

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("last_name", "first_name")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
