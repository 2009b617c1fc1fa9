"""What the agents of a role's members may use, narrower than the members themselves."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class RolePolicy(models.Model):
    """At most one for a group; a group without one narrows nothing."""

    group = models.OneToOneField(
        Group,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="mcp_policy",
        verbose_name=_("role"),
    )
    allowed_tools = models.JSONField(
        _("allowed tools"),
        default=list,
        blank=True,
        help_text=_("Names; none: all tools."),
    )
    allowed_models = models.JSONField(
        _("allowed models"),
        default=list,
        blank=True,
        help_text=_("As app_label.model_name; none: all models."),
    )
    read_only = models.BooleanField(_("read only"), default=False)
    rows_per_call = models.PositiveIntegerField(
        _("rows per call"),
        null=True,
        blank=True,
        help_text=_("None: as the site says."),
    )
    calls_per_minute = models.PositiveIntegerField(
        _("calls per minute"),
        null=True,
        blank=True,
        help_text=_("None: as the site says."),
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("role policy")
        verbose_name_plural = _("role policies")

    def __str__(self) -> str:
        return str(self.group)
