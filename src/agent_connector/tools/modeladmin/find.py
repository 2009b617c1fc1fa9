"""Find the model and the record that an agent names, within what its user may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model

from agent_connector.policy.agent_access import access_to
from agent_connector.policy.exposure import is_exposed, label_of
from agent_connector.tools.definition import ToolFailed, ToolRefused
from agent_connector.tools.modeladmin.keys import fits
from agent_connector.tools.modeladmin.links import admin_site, index_path
from agent_connector.tools.modeladmin.narrowed import narrow
from agent_connector.tools.modeladmin.open_models import is_open_to, model_named
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


def viewable(request: AdminRequest, *, adding: bool = False) -> list[ModelAdmin]:
    """Return the admins of all models that agents may know and this user may view.

    With `adding`, also of those to which the user may only add.

    Raises:
        ToolRefused: the AdminSite does not let this user in at all.
    """
    _require_entry(request)
    found = (_shown(request, model, adding=adding) for model in apps.get_models())
    return [one for one in found if one is not None]


def find_admin(caller: Caller, name: str, *, adding: bool = False) -> ModelAdmin:
    """Return the ModelAdmin of `app_label.model_name`, as `viewable` has it.

    Raises:
        ToolRefused: there is none. A model that is withheld from agents, or that the
            user may not view, gives the same words as one that does not exist.
    """
    request = AdminRequest(caller, path=index_path())
    _require_entry(request)
    model = model_named(name)
    found = _shown(request, model, adding=adding) if model is not None else None
    if found is not None:
        return found
    known = [label_of(one.model) for one in viewable(request, adding=adding)]
    raise ToolRefused(
        f"There is no model {quoted(name)} that this user may view."
        + did_you_mean(name, known),
        code="unknown_model",
        following="list_models names all models that this user may view.",
        reason=_reason_of(caller, model),
    )


def find_record(model_admin: ModelAdmin, request: AdminRequest, pk: str) -> Model:
    """Return the record, as the admin's own queryset and permissions let it be seen.

    Raises:
        ToolFailed: there is none. One that is hidden gives the same words.
    """
    record: Model | None = None
    if fits(model_admin.opts.pk, pk):
        record = model_admin.get_object(request, pk)
    if record is None or not model_admin.has_view_or_change_permission(request, record):
        raise ToolFailed(
            f"There is no {model_admin.opts.verbose_name} with the id {quoted(pk)}"
            " that this user may view.",
            code="not_found",
            following="search_records finds ids.",
        )
    return record


def related_admin(request: AdminRequest, model: type[Any]) -> ModelAdmin | None:
    """Return the admin where the user can look records of `model` up, or None."""
    return _shown(request, model, adding=False)


def is_open_model(model: type[Model]) -> bool:
    """Say whether agents may know of the model, whoever calls."""
    exposed = is_exposed(model, user_model=get_user_model())
    return exposed and not access_to(model, site=admin_site()).hidden


def _require_entry(request: AdminRequest) -> None:
    if not admin_site().has_permission(request):
        raise ToolRefused(
            "This user may not enter the admin.", code="permission_missing"
        )


def _shown(
    request: AdminRequest, model: type[Model], *, adding: bool
) -> ModelAdmin | None:
    """Return the model's admin as agents meet it, if it shows this user anything."""
    site = admin_site()
    if not site.is_registered(model) or not is_open_to(request.caller, model):
        return None
    found = narrow(site.get_model_admin(model), request.caller)
    seen = found.has_view_or_change_permission(request)
    may_add = adding and found.has_add_permission(request)
    return found if seen or may_add else None


def _reason_of(caller: Caller, model: type[Model] | None) -> str:
    """Say for the record alone why the model was not found."""
    if model is None:
        return "unknown model"
    return "permission_missing" if is_open_to(caller, model) else "model is withheld"
