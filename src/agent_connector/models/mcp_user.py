"""The user model seen as the people who may connect AI clients."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _


class MCPUser(get_user_model()):  # type: ignore[misc]  # the class is chosen by the host
    """A proxy, so that the grid lists all staff, also those who never connected."""

    objects: ClassVar[models.Manager[MCPUser]] = models.Manager()

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("MCP User")
        verbose_name_plural = _("MCP Users")
