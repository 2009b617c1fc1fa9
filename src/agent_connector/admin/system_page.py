"""Render a page below one of the lists of AI Agent Connector, other than MCP Users."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from agent_connector.admin.page import Crumb, Page, Text, crumbs_to_list, render_page


def list_url(site_name: str, model: type[Model]) -> str:
    name = f"admin:agent_connector_{model._meta.model_name}_changelist"
    return reverse(name, current_app=site_name)


def render_system_page(
    site: AdminSite,
    request: HttpRequest,
    template: str,
    *,
    model: type[Model],
    title: Text,
    context: dict[str, Any],
) -> TemplateResponse:
    """Return the page at `agent_connector/admin/<template>`."""
    response = render_page(
        site,
        request,
        template,
        Page(title=title, is_below_grid=False),
        {"opts": model._meta, **context},
    )
    data = response.context_data or {}
    data["trail"] = _trail(data["available_apps"], model=model, title=title)
    return response


def _trail(
    apps: list[dict[str, Any]], *, model: type[Model], title: Text
) -> list[Crumb]:
    """Return the steps to the page, which may be the list of `model` itself."""
    steps = list(crumbs_to_list(apps, model))
    if steps and str(steps[-1].label) == str(title):
        steps.pop()
    return [*steps, Crumb(label=title)]
