"""How far a connection may go, as one choice in which each includes the lesser."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The widest scope of a connection; the value is that scope's name."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and change")
    DELETE = "delete", _("Full: also delete and run actions")
