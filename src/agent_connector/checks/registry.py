"""Register the checks, from `AgentConnectorConfig.ready`."""

from __future__ import annotations

from django.core import checks

from agent_connector.checks.admin_site import check_admin_site
from agent_connector.checks.agent_access import check_agent_access
from agent_connector.checks.proxies import check_proxies
from agent_connector.checks.reauthenticate import check_reauthenticate
from agent_connector.checks.routes import check_routes
from agent_connector.checks.site_url import check_site_url
from agent_connector.checks.sqlite import check_sqlite
from agent_connector.checks.tab import check_tab
from agent_connector.checks.written_tools import check_written_tools

TAG = "agent_connector"
CHECKS = (
    check_site_url,
    check_admin_site,
    check_proxies,
    check_reauthenticate,
    check_routes,
    check_tab,
    check_sqlite,
    check_agent_access,
    check_written_tools,
)


def register_checks() -> None:
    """Let `manage.py check` run them; registering twice is harmless."""
    for check in CHECKS:
        checks.register(check, TAG)
