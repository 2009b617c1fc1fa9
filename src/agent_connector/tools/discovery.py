"""Find the tools that the apps of the project have in their `agent_tools.py`."""

from __future__ import annotations

import logging
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from agent_connector.tools.mistakes import note_mistake

MODULE = "agent_tools"

logger = logging.getLogger(__name__)


def discover_tools() -> None:
    """Import `agent_tools` of each app that has one, in the order of the apps.

    One that fails is left out, for the system check to tell of: an admin without some
    tools is of more use than none.
    """
    for config in apps.get_app_configs():
        if config.module is None or not module_has_submodule(config.module, MODULE):
            continue
        name = f"{config.name}.{MODULE}"
        try:
            import_module(name)
        except Exception as error:
            logger.exception("%s cannot be imported", name)
            note_mistake(
                name,
                message=f"it cannot be imported: {type(error).__name__}: {error}",
                cure="Mend it, or see the traceback by importing it in a shell.",
            )
