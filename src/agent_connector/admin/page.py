"""Render a page of ours inside the admin's own frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django
from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.fragment import is_fragment
from agent_connector.admin.links import account_url, screen_url, user_page_url
from agent_connector.models import MCPUser
from agent_connector.policy.staff import name_of

Text = str | Promise
FRAMES = {False: "admin/base_site.html", True: "agent_connector/admin/fragment.html"}
"""What is around a screen: the admin's own page, or a dialog."""

TRAIL_IS_A_LIST = django.VERSION >= (6, 1)
"""Since Django 6.1 the admin's breadcrumbs are an `<ol>`; before, a line with arrows."""

PLACE_ARROW = " › "  # noqa: RUF001  # menu arrow
"""What an app's name holds where a site shows it at a place in its menu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One step of the way to a page; without `url` it is plain text."""

    label: Text
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is said of a page beside its content."""

    title: Text
    user: MCPUser | None = None
    """Whom the page is about."""

    is_below_grid: bool = True
    """Whether the grid leads to it."""

    is_user_page: bool = False
    """Whether it stands beside the host's edit page, not below the grid."""


def render_page(
    site: AdminSite,
    request: HttpRequest,
    template: str,
    page: Page,
    context: dict[str, Any],
) -> TemplateResponse:
    """Return the page at `agent_connector/admin/<template>`."""
    frame = site.each_context(request)
    in_dialog = is_fragment(request)
    request.current_app = site.name  # read by {% url %}
    return TemplateResponse(
        request,
        f"agent_connector/admin/{template}",
        {
            **frame,
            "frame_template": FRAMES[in_dialog],
            "is_fragment": in_dialog,
            "title": page.title,
            "subtitle": None,
            "opts": MCPUser._meta,
            "original": page.user,
            "is_popup": False,
            "trail": list(_crumbs(site, request, page, frame=frame)),
            "trail_is_a_list": TRAIL_IS_A_LIST,
            "person": page.user,
            "person_name": name_of(page.user) if page.user else "",
            "site_name": site.name,
            **context,
        },
    )


def _crumbs(
    site: AdminSite, request: HttpRequest, page: Page, *, frame: dict[str, Any]
) -> Iterator[Crumb]:
    apps = frame["available_apps"]
    user = page.user
    user_url = user_page_url(site, request, user) if user else ""
    if user and user_url and page.is_user_page:
        yield from crumbs_to_list(apps, get_user_model())
        yield Crumb(label=name_of(user), url=user_url)
    elif page.is_below_grid:
        steps = list(crumbs_to_list(apps, MCPUser))
        yield from steps
        if steps and user is not None:
            info = screen_url(site.name, "info", user.pk)
            yield Crumb(label=name_of(user), url="" if page.is_user_page else info)
        elif user is not None:
            yield Crumb(label=_("Account Setting"), url=account_url(site.name))
    yield Crumb(label=_("MCP Info") if page.is_user_page else page.title)


def crumbs_to_list(apps: list[dict[str, Any]], model: type[Any]) -> Iterator[Crumb]:
    """Yield the app and the list of `model` in the words of this site's menu."""
    for app in apps:
        for entry in app["models"]:
            if entry.get("model") is model:
                *places, name = str(app["name"]).split(PLACE_ARROW)
                yield from (Crumb(label=place) for place in places)
                yield Crumb(label=name, url=app["app_url"])
                yield Crumb(label=entry["name"], url=entry.get("admin_url") or "")
