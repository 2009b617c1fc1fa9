"""Check that what the project wrote as tools can be offered to agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks

from agent_connector.tools.mistakes import noted_mistakes
from agent_connector.tools.registry import all_tools


def check_written_tools(**_: Any) -> list[checks.CheckMessage]:
    """A tool that is left out, or that nobody may use, is missed only by agents."""
    return [*_left_out(), *_out_of_reach()]


def _left_out() -> Iterator[checks.CheckMessage]:
    for mistake in noted_mistakes():
        yield checks.Error(
            f"{mistake.place} is no tool: {mistake.message}",
            hint=mistake.cure,
            id="agent_connector.E003",
        )


def _out_of_reach() -> Iterator[checks.CheckMessage]:
    declared = _declared_permissions()
    for tool in all_tools():
        for permission in tool.permissions:
            if permission not in declared:
                yield checks.Warning(
                    f"No model declares {permission}, which the tool {tool.name} asks"
                    " for: superusers alone have it.",
                    hint="Correct the name; or silence this warning if another backend"
                    " gives the permission.",
                    id="agent_connector.W006",
                )


def _declared_permissions() -> set[str]:
    """Return what `migrate` makes permissions of."""
    declared: set[str] = set()
    for model in apps.get_models():
        meta = model._meta
        names = [f"{verb}_{meta.model_name}" for verb in meta.default_permissions]
        names += [codename for codename, _label in meta.permissions]
        declared.update(f"{meta.app_label}.{name}" for name in names)
    return declared
