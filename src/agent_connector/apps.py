"""Tell Django about the app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgentConnectorConfig(AppConfig):
    name = "agent_connector"
    label = "agent_connector"
    verbose_name = _("AI Agent Connector")
    default_auto_field = "django.db.models.BigAutoField"
