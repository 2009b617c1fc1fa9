"""Fill a form in as a person does: type a text, tick a box, pick from a list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from tests.fidelity.page import Control, Controls

_LISTS = frozenset({"select", "several", "radio"})


@dataclass(frozen=True, slots=True)
class Json:
    """A value of a field that takes any JSON, which a person has to write as such."""

    value: Any


def can_type(controls: Controls, name: str) -> bool:
    """Say whether the page has an enabled control for the field."""
    visible = {key for key, control in controls.items() if control.kind != "hidden"}
    return bool({name, f"{name}_0", f"{name}_year"} & visible)


def can_choose(controls: Controls, name: str, value: Any) -> bool:
    """Say whether the field's list has what is to be picked."""
    control = controls.get(name)
    if control is None or not (control.look_up or control.kind in _LISTS):
        return True
    wanted = value if isinstance(value, list) else [written(value, control)]
    return {str(one) for one in wanted} <= {*control.options}


def type_values(controls: Controls, values: dict[str, Any]) -> str:
    """Fill the fields in; return what stands in the way, if anything does."""
    for name, value in values.items():
        if not can_type(controls, name):
            return f"no control for {name}"
        if not can_choose(controls, name, value):
            return f"{name} has no such choice"
        type_into(controls, name, value)
    return ""


def type_into(controls: Controls, name: str, value: Any) -> None:
    """Put `value` into the controls of the field."""
    if f"{name}_0" in controls:
        _type_moment(controls, name, value)
        return
    if f"{name}_year" in controls:
        for part in ("year", "month", "day"):
            control = controls[f"{name}_{part}"]
            control.sent = [str(getattr(value, part)) if value else ""]
        return
    control = controls[name]
    if control.kind == "checkbox" and not isinstance(value, list):
        control.sent = control.options[:1] if value else []
    elif isinstance(value, list) and control.kind in {"several", "checkbox"}:
        control.sent = [str(item) for item in value]
    else:
        control.sent = [written(value, control)]


def written(value: Any, control: Control) -> str:
    """Return the value as one types it, or as the list's entry carries it."""
    match value:
        case None:
            return "unknown" if "unknown" in control.options else ""
        case bool():
            return "true" if value else "false"
        case Json(value=inner):
            return json.dumps(inner, ensure_ascii=False)  # as the page shows it
        case datetime():
            return _local(value).strftime("%Y-%m-%d %H:%M:%S")
        case _:
            return str(value)


def _type_moment(controls: Controls, name: str, value: datetime | None) -> None:
    local = _local(value) if value else None
    controls[f"{name}_0"].sent = [local.strftime("%Y-%m-%d") if local else ""]
    controls[f"{name}_1"].sent = [local.strftime("%H:%M:%S") if local else ""]


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def spoken(value: Any) -> Any:
    """Return the value as an agent says it in JSON."""
    match value:
        case datetime():
            return value.isoformat()
        case date() | time():
            return value.isoformat()
        case bool() | int() | None | str() | float():
            return value
        case Json(value=inner):
            return inner
        case list():
            return [spoken(item) for item in value]
        case _:
            return str(value)


def sent_by(controls: Controls) -> dict[str, list[str]]:
    """Return what the browser posts; of several choices the order means nothing."""
    return {
        name: sorted(control.sent) if control.kind == "several" else control.sent
        for name, control in controls.items()
        if control.sent
    }
