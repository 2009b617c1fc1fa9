"""Where a column, filter, search field or ordering leads, across relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F

from agent_connector.policy.agent_access import access_to
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.masked import masked_on
from agent_connector.tools.modeladmin.open_models import is_taken_away

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

    from agent_connector.policy.caller import Caller

    Hidden = Callable[[type[Model]], frozenset[str] | None]
    """Says of a model which of its fields are hidden; None: all of them."""

_SEARCH_SIGNS = "^=@"
_STEP = "__"


def reaches(
    model: type[Model], path: str, *, hidden: frozenset[str], behind: Hidden
) -> bool:
    """Say whether a path from `model` leads to something that is hidden.

    `hidden` are the names hidden on `model` itself. What lies behind a relation is
    judged by the admins of that model, as `hidden_behind` does; a model that agents may
    not know hides all that lies behind it, though not the relation.
    """
    if not hidden and _STEP not in path:
        return False  # so it is with most of what a list asks
    steps = path.lstrip(_SEARCH_SIGNS).split(_STEP)
    if path in hidden:
        return True
    for place, step in enumerate(steps):
        field = _field_of(model, step)
        names = {step, *([field.name] if field is not None else [])}
        if names & hidden:
            return True
        following: Any = getattr(field, "related_model", None)
        if following is None or place + 1 == len(steps):
            return False  # a method, an annotation, a lookup, a field or a relation
        model, beyond = following, behind(following)
        if beyond is None:
            return True
        hidden = beyond
    return False


def hidden_behind(model: type[Model], *, caller: Caller) -> frozenset[str] | None:
    """Return what is hidden of a model at the end of a relation."""
    return None if is_taken_away(caller, model) else hidden_on(model, caller)


def hidden_on(model: type[Model], caller: Caller) -> frozenset[str]:
    """Return the names of fields of `model` that agents neither see nor set."""
    declared = access_to(model, site=admin_site()).hidden_fields
    return masked_on(model, caller).union(declared)


def model_at(model: type[Model], path: str) -> type[Model] | None:
    """Return the model whose records are the values at a path, if it ends at any."""
    found: Any = model
    for step in path.split(_STEP):
        found = getattr(_field_of(found, step), "related_model", None)
        if found is None:
            return None
    return cast("type[Model]", found)


def ordering_paths(ordering: Any) -> list[str]:
    """Return the paths that an entry of an ordering sorts by; also an expression."""
    if isinstance(ordering, str):
        return [ordering.lstrip("-+")]
    parts: list[Any] = [ordering]
    if hasattr(ordering, "flatten"):
        parts = list(ordering.flatten())
    return [str(getattr(part, "name", "")) for part in parts if isinstance(part, F)]


def _field_of(model: type[Model], step: str) -> Any:
    meta = model._meta
    try:
        return meta.pk if step == "pk" else meta.get_field(step)
    except FieldDoesNotExist:
        return None
