"""Django's own screens of users and groups, with the panel's lists and forms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Field, ManyToManyField
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from panel.model_admin import PanelModelAdmin


class RoleFilter(admin.RelatedFieldListFilter):
    """Calls its choice for users without a role by a name instead of a dash."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.empty_value_display = format_html("{}", gettext("None"))


class PickersOnly(PanelModelAdmin):
    """Its two lists side by side need neither a link to add nor keys held down."""

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **options: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if isinstance(db_field, ManyToManyField) and field is not None:
            field.widget.can_add_related = False
        return field

    def formfield_for_manytomany(
        self,
        db_field: ManyToManyField[Any, Any],
        request: HttpRequest | None = None,
        **options: Any,
    ) -> ModelMultipleChoiceField[Any] | None:
        field = super().formfield_for_manytomany(
            db_field,
            request,  # type: ignore[arg-type]  # GroupAdmin's may be None
            **options,
        )
        if field is not None:
            field.help_text = db_field.help_text
        return field


admin.site.unregister([User, Group])


@admin.register(User)
class PanelUserAdmin(PickersOnly, UserAdmin):
    search_placeholder = _("Name or e-mail")
    list_filter = ("is_staff", "is_superuser", "is_active", ("groups", RoleFilter))

    def formfield_for_manytomany(
        self,
        db_field: ManyToManyField[Any, Any],
        request: HttpRequest | None = None,
        **options: Any,
    ) -> ModelMultipleChoiceField[Any] | None:
        """Say roles also in the help text: the field's own is read by migrations."""
        field = super().formfield_for_manytomany(db_field, request, **options)
        if field is not None and db_field.name == "groups":
            field.help_text = _("A user has all permissions of each of their roles.")
        return field


@admin.register(Group)
class PanelGroupAdmin(PickersOnly, GroupAdmin):
    search_placeholder = _("Name")
