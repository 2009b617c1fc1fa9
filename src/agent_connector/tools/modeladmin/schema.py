"""Describe the fields of an admin form as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from agent_connector.policy.exposure import label_of
from agent_connector.tools.modeladmin.arrays import items_field
from agent_connector.tools.modeladmin.choices import choices_of
from agent_connector.tools.modeladmin.find import related_admin
from agent_connector.tools.modeladmin.settable import settable_fields

if TYPE_CHECKING:
    from agent_connector.tools.modeladmin.request import AdminRequest

MAX_CHOICES = 20

_TYPES: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.NullBooleanField, {"type": "boolean"}),
    (forms.BooleanField, {"type": "boolean"}),
    (forms.DecimalField, {"type": ["string", "number"], "format": "decimal"}),
    (forms.FloatField, {"type": "number"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.SplitDateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.TimeField, {"type": "string", "format": "time"}),
    (forms.DurationField, {"type": "string", "format": "duration"}),
    (forms.EmailField, {"type": "string", "format": "email"}),
    (forms.URLField, {"type": "string", "format": "uri"}),
    (forms.UUIDField, {"type": "string", "format": "uuid"}),
    (forms.JSONField, {}),
)
_LIMITS = (
    ("max_length", "maxLength"),
    ("min_length", "minLength"),
    ("max_value", "maximum"),
    ("min_value", "minimum"),
)


def form_schema(form: forms.BaseForm, request: AdminRequest) -> dict[str, Any]:
    """Return the JSON Schema of the values that `update_record` takes for this form."""
    return {
        "type": "object",
        "properties": {
            name: field_schema(name, field, form=form, request=request)
            for name, field in settable_fields(form).items()
        },
        "minProperties": 1,
        "additionalProperties": False,
    }


def without_choices(schema: Any) -> Any:
    """Return the schema with three examples in the place of each list of choices."""
    if isinstance(schema, list):
        return [without_choices(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: without_choices(one) for key, one in schema.items() if key != "oneOf"}
    if "oneOf" in schema:
        kept["examples"] = [one["const"] for one in schema["oneOf"][:3]]
        kept["x-more"] = "lookup_choices"
    return kept


def required_names(form: forms.BaseForm) -> list[str]:
    """Return the fields that may be left out of a change, but not emptied by it."""
    fields = settable_fields(form).items()
    return [name for name, field in fields if field.required]


def field_schema(
    name: str, field: forms.Field, *, form: forms.BaseForm, request: AdminRequest
) -> dict[str, Any]:
    """Return the schema of one field: its type, label, help, limits and choices."""
    schema: dict[str, Any] = {"title": str(form[name].label)}
    if field.help_text:
        schema["description"] = str(field.help_text)
    kind = _kind_of(field, request)
    if not field.required:
        kind = _or_null(kind, field)
    return schema | kind | _limits_of(field)


def _or_null(kind: dict[str, Any], field: forms.Field) -> dict[str, Any]:
    """Let null empty the field, where empty is something else than false or none."""
    if kind.get("type") == "array" or type(field) is forms.BooleanField:
        return kind
    types = kind.get("type", [])
    if types:
        kind["type"] = [*([types] if isinstance(types, str) else types), "null"]
    if "oneOf" in kind:
        kind["oneOf"] = [*kind["oneOf"], {"const": None, "title": "-"}]
    return kind


def _kind_of(field: forms.Field, request: AdminRequest) -> dict[str, Any]:
    if isinstance(field, forms.ModelChoiceField):
        return _relation(field, request)
    if isinstance(field, forms.ChoiceField):
        return _choice(field, request)
    inner = items_field(field)
    if inner is not None:
        return {"type": "array", "items": _kind_of(inner, request) | _limits_of(inner)}
    known = (dict(schema) for kind, schema in _TYPES if isinstance(field, kind))
    return next(known, {"type": "string"})


def _limits_of(field: forms.Field) -> dict[str, Any]:
    """Return the limits that JSON Schema can say; decimals are said as text."""
    limits = {}
    for attribute, keyword in _LIMITS:
        value = getattr(field, attribute, None)
        if isinstance(value, (int, float)) and not callable(value):
            limits[keyword] = value
    if items_field(field) is None:
        return limits
    return {keyword.replace("Length", "Items"): limits[keyword] for keyword in limits}


def _choice(field: forms.ChoiceField, request: AdminRequest) -> dict[str, Any]:
    several = isinstance(field, forms.MultipleChoiceField)
    kind = {"type": "string"} | _offered(field, request)
    return {"type": "array", "items": kind} if several else kind


def _relation(field: forms.ModelChoiceField, request: AdminRequest) -> dict[str, Any]:
    """Return the schema of ids of another model, with the choices if they are few."""
    kind: dict[str, Any] = {"type": "string"}
    if field.queryset is not None:
        found = related_admin(request, field.queryset.model)
        if found is not None:
            kind["x-model"] = label_of(found.model)
        kind |= _offered(field, request)
    several = isinstance(field, forms.ModelMultipleChoiceField)
    return {"type": "array", "items": kind} if several else kind


def _offered(field: forms.Field, request: AdminRequest) -> dict[str, Any]:
    """Return the choices if they are few; else say how to find them."""
    offered = choices_of(request, field, limit=MAX_CHOICES)
    if offered.following:
        examples = [choice.id for choice in offered.found[:3]]
        return {"examples": examples, "x-more": "lookup_choices"}
    options = [{"const": choice.id, "title": choice.label} for choice in offered.found]
    return {"oneOf": options} if options else {}
