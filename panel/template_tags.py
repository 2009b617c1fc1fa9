"""Template tags of the panel's shell."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.template import Context, Library
from django.urls import reverse

from panel.breadcrumbs import Crumb, find_item, name_of, trail_of
from panel.deletion import figures, title_for

register = Library()

ACTION_TITLES = ("history", "delete", "password_change")
"""Ends of URL names whose pages do something with one object."""


@register.simple_tag(takes_context=True)
def panel_breadcrumbs(context: Context) -> list[Crumb]:
    """Return the steps to this page; none for pages that bring their own."""
    options = context.get("opts")
    match = getattr(context.get("request"), "resolver_match", None)
    if options is None or match is None or match.namespaces != ["admin"]:
        return []  # of another admin, the menu and its addresses say nothing
    if options.app_label == "agent_connector" and context.get("cl") is None:
        return []
    return trail_of(
        options,
        menu=context.get("menu") or [],
        shown=_object_of(context),
        title=_title_of(context, url_name=match.url_name),
        is_list=context.get("cl") is not None,
    )


@register.simple_tag(takes_context=True)
def panel_list_title(context: Context) -> str:
    """Return the menu's word for the list shown; empty where it shows no list."""
    options, changelist = context.get("opts"), context.get("cl")
    if options is None or changelist is None or context.get("is_popup"):
        return ""
    key = f"{options.app_label}.{options.model_name}"
    item = find_item(context.get("menu") or [], key=key)
    return item.label if item else ""


@register.simple_tag
def panel_account_url() -> str:
    """Return the address of Account Setting."""
    return reverse("admin:agent_connector_mcpuser_account")


@register.simple_tag(takes_context=True)
def panel_deletion_title(context: Context) -> str:
    """Return what the page asks: to delete one record, or those selected in a list."""
    return title_for(
        _chosen(context),
        kind=str(context.get("objects_name", "")),
        is_possible=not (context["perms_lacking"] or context["protected"]),
    )


@register.simple_tag(takes_context=True)
def panel_deletion_figures(context: Context) -> list[tuple[str, int]]:
    """Return what is deleted, counted by its kind."""
    return figures(context["model_count"])


@register.filter
def called(shown: Model) -> str:
    """Return what people call it."""
    return name_of(shown)


@register.filter
def initials(name: str) -> str:
    """Return up to two capitals: `Ada Lovelace` becomes `AL`."""
    words = name.split()
    letters = [
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ]
    return "".join(letters).upper()


def _object_of(context: Context) -> Model | None:
    shown: Any = context.get("original") or context.get("object")
    return shown if isinstance(shown, Model) else None


def _chosen(context: Context) -> list[Model]:
    """Return what a page that asks before deleting is about."""
    selected = context.get("queryset")
    return [context["object"]] if selected is None else list(selected)


def _title_of(context: Context, *, url_name: str) -> str:
    """Return the name of the step after the object; empty on the object's own page."""
    if "deletable_objects" in context:
        return panel_deletion_title(context)
    if _object_of(context) is None or url_name.endswith(ACTION_TITLES):
        return str(context.get("title") or "")
    return ""
