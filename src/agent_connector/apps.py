"""Tell Django about the app."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class AgentConnectorConfig(AppConfig):
    name = "agent_connector"
    label = "agent_connector"
    verbose_name = _("AI Agent Connector")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put screens on the AdminSite, register checks, find tools, listen."""
        from django.db.models.signals import post_save, pre_save
        from django.utils.module_loading import import_string

        from agent_connector.admin.site import register_screens
        from agent_connector.checks.registry import register_checks
        from agent_connector.conf import get_conf
        from agent_connector.connections.new_staff import enable_new_staff, note_staff
        from agent_connector.connections.password import (
            note_password,
            revoke_after_change,
        )
        from agent_connector.tools.discovery import discover_tools

        path = get_conf().admin_site
        try:
            site = import_string(path)
        except ImportError as error:
            raise ImproperlyConfigured(
                f"AGENT_CONNECTOR['ADMIN_SITE']: {path!r} cannot be imported ({error})."
            ) from error
        register_screens(site)
        register_checks()
        discover_tools()
        pre_save.connect(note_password, dispatch_uid="agent_connector.note_password")
        post_save.connect(revoke_after_change, dispatch_uid="agent_connector.revoke")
        pre_save.connect(note_staff, dispatch_uid="agent_connector.note_staff")
        post_save.connect(enable_new_staff, dispatch_uid="agent_connector.new_staff")
