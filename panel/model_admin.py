"""What the panel's lists have in common."""

from __future__ import annotations

from agent_connector.admin.asks_for_action import AsksForAction
from panel.menu import Text


class PanelModelAdmin(AsksForAction):
    search_placeholder: Text = ""
    """What the box for the search names that it looks in."""
