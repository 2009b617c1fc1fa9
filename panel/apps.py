"""Make the panel's AdminSite the one that every app registers with."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class PanelAdminConfig(AdminConfig):
    default_site = "panel.site.PanelAdminSite"

    def ready(self) -> None:
        super().ready()
        from panel.roles import call_groups_roles  # needs the models

        call_groups_roles()
