"""Django's groups under the panel's word for them: roles, wherever they are named.

The words are changed once, on the loaded models, so that titles, filters, messages and
delete pages follow. Django keeps apart what a migration would read.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _


class RoleUserAdmin(UserAdmin):
    """Users, with a help text that says roles: the field's own is read by migrations."""

    def formfield_for_manytomany(
        self, db_field: Any, request: Any, **options: Any
    ) -> Any:
        if db_field.name == "groups":
            options["help_text"] = _(
                "A user has all permissions of each of their roles."
            )
        return super().formfield_for_manytomany(db_field, request, **options)


def call_groups_roles() -> None:
    """Put the panel's words on the models, and its own admin on the users."""
    role: Any = Group._meta
    role.verbose_name, role.verbose_name_plural = _("role"), _("roles")
    User._meta.get_field("groups").verbose_name = _("roles")
    admin.site.unregister(User)
    admin.site.register(User, RoleUserAdmin)
