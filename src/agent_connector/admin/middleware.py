"""What our screens need around them, in every AdminSite: tabs, entries, a 503."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.contrib.admin.sites import all_sites
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import ResolverMatch
from django.utils.translation import gettext as _

from agent_connector.admin.history_page import name_agents
from agent_connector.admin.own_entry import with_own_entry
from agent_connector.admin.role_tab import PAGE as ROLE_PAGE
from agent_connector.admin.role_tab import add_role_tab
from agent_connector.admin.user_tab import add_tab
from agent_connector.models.trouble import DATABASE_TROUBLE

logger = logging.getLogger(__name__)


class MCPInfoTabMiddleware:
    """One line in `MIDDLEWARE`; nothing of the host's admin has to change.

    Stands after `AuthenticationMiddleware`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Tell who uses our screens that the database is busy, so that it is no 500."""
        match = request.resolver_match
        is_ours = match and (match.url_name or "").startswith("agent_connector_")
        if not (is_ours and isinstance(exception, DATABASE_TROUBLE)):
            return None
        logger.error("%s: the database did not answer", request.path)
        return HttpResponse(
            _("The database of this site is busy: nothing was done. Try again."),
            status=503,
            headers={"Retry-After": "2", "Cache-Control": "no-store"},
            content_type="text/plain; charset=utf-8",
        )

    def process_template_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Act on the admin's pages: tabs on those of users and roles, and the History."""
        match = request.resolver_match
        site = _site_of(match)
        if match and site and isinstance(response, TemplateResponse):
            response.context_data = with_own_entry(
                response.context_data or {}, site, is_index=match.url_name == "index"
            )
        meta = get_user_model()._meta
        page = f"{meta.app_label}_{meta.model_name}_change"
        if match and match.app_name == "admin" and match.url_name == page:
            add_tab(request, response, site_name=match.namespace)
        if match and match.app_name == "admin" and match.url_name == ROLE_PAGE:
            add_role_tab(request, response, site_name=match.namespace)
        if match and match.app_name == "admin" and _is_history(match):
            name_agents(request, response, site_name=match.namespace)
        return response


def _is_history(match: ResolverMatch) -> bool:
    return (match.url_name or "").endswith("_history")


def _site_of(match: ResolverMatch | None) -> AdminSite | None:
    """Return the AdminSite whose page this is.

    It leaves itself on its own views, and on those that a ModelAdmin did not wrap by
    itself; the others, ours among them, can be told only by the site's name.
    """
    if match is None or match.app_name != "admin":
        return None
    view = match.func
    holder = getattr(view, "model_admin", view)
    by_name = (site for site in all_sites if site.name == match.namespace)
    return getattr(holder, "admin_site", None) or next(by_name, None)
