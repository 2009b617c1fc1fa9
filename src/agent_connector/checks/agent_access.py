"""Check what code and settings take away from agents: a misspelling would expose it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.utils.module_loading import import_string

from agent_connector.conf import MODEL_LISTS, get_conf
from agent_connector.policy.agent_access import ATTRIBUTE, AgentAccess
from agent_connector.policy.exposure import label_of

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

WHOLE_APP = ".*"


def check_agent_access(**_: Any) -> list[checks.CheckMessage]:
    """Name a wrong `agent_access`, a field that is not there, an unknown model."""
    site = import_string(get_conf().admin_site)
    models = [model for model in apps.get_models() if site.is_registered(model)]
    admins = [site.get_model_admin(model) for model in models]
    inlines = [inline for admin in admins for inline in _inlines_of(admin)]
    return [
        *(message for admin in admins for message in _of_admin(admin)),
        *(message for inline in inlines for message in _of_admin(inline)),
        *_of_settings(),
    ]


def _inlines_of(admin: Any) -> Iterator[Any]:
    """Yield the declared inlines; those that a method chooses are not known here."""
    for inline in admin.inlines:
        yield inline(admin.model, admin.admin_site)


def _of_admin(admin: BaseModelAdmin[Any]) -> Iterator[checks.CheckMessage]:
    declared = getattr(admin, ATTRIBUTE, None)
    if declared is None and not hasattr(admin, ATTRIBUTE):
        return
    if not isinstance(declared, AgentAccess):
        yield checks.Error(
            f"`{ATTRIBUTE}` is no AgentAccess, so that agents are told of nothing here.",
            hint="Write: from agent_connector.tools import AgentAccess;"
            f" {ATTRIBUTE} = AgentAccess(read_only=True)",
            obj=type(admin),
            id="agent_connector.E004",
        )
        return
    names = declared.hidden_fields
    if isinstance(names, str):
        yield checks.Error(
            f"`hidden_fields` of `{ATTRIBUTE}` is one text, not several names.",
            hint=f'Write: hidden_fields=("{names}",)',
            obj=type(admin),
            id="agent_connector.E005",
        )
        return
    for name in names:
        if not _is_known(admin, name):
            yield checks.Error(
                f"`hidden_fields` of `{ATTRIBUTE}` names {name!r}, which is no field,"
                " column or method here: what was meant is shown to agents.",
                hint="Correct the name, or take it out.",
                obj=type(admin),
                id="agent_connector.E006",
            )


def _is_known(admin: BaseModelAdmin[Any], name: Any) -> bool:
    if not isinstance(name, str):
        return False
    if hasattr(admin, name) or hasattr(admin.model, name):
        return True
    if name in getattr(admin.form, "declared_fields", {}):
        return True
    columns = getattr(admin, "list_display", ())
    if name in {getattr(column, "__name__", column) for column in columns}:
        return True
    try:
        admin.opts.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _of_settings() -> Iterator[checks.CheckMessage]:
    labels = {label_of(model) for model in apps.get_models()}
    whole = {config.label + WHOLE_APP for config in apps.get_app_configs()}
    for setting in MODEL_LISTS:
        known = labels if setting == "exposed_models" else labels | whole
        for label in sorted(getattr(get_conf(), setting) - known):
            yield checks.Warning(
                f"AGENT_CONNECTOR[{setting.upper()!r}] names {label!r}, which is no"
                " model of this site.",
                hint="Write app_label.model_name, as shop.order; for all of an app,"
                " shop.* (not in EXPOSED_MODELS).",
                id="agent_connector.W007",
            )
