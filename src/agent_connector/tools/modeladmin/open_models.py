"""Which models a caller's agents may know, before any permission is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model

from agent_connector.policy.agent_access import access_to
from agent_connector.policy.exposure import is_exposed, label_of
from agent_connector.tools.modeladmin.links import admin_site

if TYPE_CHECKING:
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


def model_named(name: str) -> type[Model] | None:
    """Return the model that an agent calls `app_label.model_name`, in any case."""
    for spelled in (name, name.lower()):
        try:
            model = apps.get_model(spelled)
        except (LookupError, ValueError):
            continue
        return None if model._meta.auto_created else model
    return None


def is_open_to(caller: Caller, model: type[Model]) -> bool:
    """Say whether agents of this caller may know of the model."""
    exposed = is_exposed(model, user_model=get_user_model())
    return exposed and not is_taken_away(caller, model)


def may_be_chosen(caller: Caller, model: type[Model]) -> bool:
    """Say whether agents may be shown records of the model to choose from.

    A user may be chosen: to whom a record belongs is ordinary work.
    """
    if issubclass(model, get_user_model()):
        return True
    return is_open_to(caller, model)


def is_taken_away(caller: Caller, model: type[Model]) -> bool:
    """Say whether the site or a role of the caller's user hides the model.

    A model without an admin of its own, such as the rows of an inline, cannot be named
    in a role: it comes with the page on which it stands.
    """
    site = admin_site()
    if access_to(model, site=site).hidden:
        return True
    allowed = caller.limits.allow_model(label_of(model))
    return not allowed and site.is_registered(model)
