"""Name the permission that a user lacks, in one spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_permission_codename

from agent_connector.tools.definition import ToolRefused

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    from agent_connector.tools.modeladmin.request import AdminRequest


def permission_to(action: str, meta: Any) -> str:
    """Return the permission to add, change or delete records of such a model."""
    return f"{meta.app_label}.{get_permission_codename(action, meta)}"


def require_add(model_admin: ModelAdmin, request: AdminRequest) -> None:
    """Raise unless the user may add records.

    Raises:
        ToolRefused: names the permission.
    """
    if not model_admin.has_add_permission(request):
        meta = model_admin.opts
        raise ToolRefused(
            f"This user may not add {meta.verbose_name_plural}."
            f" The permission is {permission_to('add', meta)}.",
            code="permission_missing",
        )
