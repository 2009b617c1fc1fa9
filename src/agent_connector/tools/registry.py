"""Which tools there are, in the order in which agents see them."""

from __future__ import annotations

from agent_connector.conf import get_conf
from agent_connector.tools.builtin.installed_packages import INSTALLED_PACKAGES
from agent_connector.tools.builtin.search_docs import SEARCH_DOCS
from agent_connector.tools.builtin.whoami import WHOAMI
from agent_connector.tools.definition import Tool
from agent_connector.tools.modeladmin.create_record import CREATE_RECORD
from agent_connector.tools.modeladmin.delete_records import DELETE_RECORDS
from agent_connector.tools.modeladmin.describe_model import DESCRIBE_MODEL
from agent_connector.tools.modeladmin.get_history import GET_HISTORY
from agent_connector.tools.modeladmin.get_record import GET_RECORD
from agent_connector.tools.modeladmin.list_models import LIST_MODELS
from agent_connector.tools.modeladmin.lookup_choices import LOOKUP_CHOICES
from agent_connector.tools.modeladmin.preview_change import PREVIEW_CHANGE
from agent_connector.tools.modeladmin.run_action import RUN_ACTION
from agent_connector.tools.modeladmin.search_records import SEARCH_RECORDS
from agent_connector.tools.modeladmin.update_record import UPDATE_RECORD

_TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        WHOAMI,
        LIST_MODELS,
        DESCRIBE_MODEL,
        SEARCH_RECORDS,
        GET_RECORD,
        LOOKUP_CHOICES,
        GET_HISTORY,
        PREVIEW_CHANGE,
        CREATE_RECORD,
        UPDATE_RECORD,
        DELETE_RECORDS,
        RUN_ACTION,
    )
}


_EXTRAS: dict[str, Tool] = {
    tool.name: tool for tool in (INSTALLED_PACKAGES, SEARCH_DOCS)
}
"""In the box, off unless `EXTRA_TOOLS` names them."""

_WRITTEN: dict[str, Tool] = {}
"""The project's own, in the order of its apps."""


def all_tools() -> tuple[Tool, ...]:
    """Return every tool of this site."""
    switched_on = get_conf().extra_tools
    extras = (tool for name, tool in _EXTRAS.items() if name in switched_on)
    return (*_TOOLS.values(), *extras, *_WRITTEN.values())


def find_tool(name: str) -> Tool | None:
    """Return the tool of this name, spelled exactly so."""
    return next((tool for tool in all_tools() if tool.name == name), None)


def is_taken(name: str) -> bool:
    """Say whether a project can no longer call a tool so; switched off counts too."""
    return name in {*_TOOLS, *_EXTRAS, *_WRITTEN}


def add_tool(tool: Tool) -> None:
    """Let agents see a tool of the project, after those in the box."""
    _WRITTEN[tool.name] = tool
