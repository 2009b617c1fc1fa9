"""Django's groups under the panel's word for them: roles, wherever they are named.

The words are changed once, on the loaded models, so that titles, filters, messages and
delete pages follow. Django keeps apart what a migration would read.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _


def call_groups_roles() -> None:
    """Put the panel's words on the models."""
    role: Any = Group._meta
    role.verbose_name, role.verbose_name_plural = _("role"), _("roles")
    User._meta.get_field("groups").verbose_name = _("roles")
