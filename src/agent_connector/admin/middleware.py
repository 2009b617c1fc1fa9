"""Add the MCP Info tab to the edit page of users, on every AdminSite."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponseBase

from agent_connector.admin.user_tab import add_tab


class MCPInfoTabMiddleware:
    """One line in `MIDDLEWARE`; nothing of the host's admin has to change.

    Stands after `AuthenticationMiddleware`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Act on the change view of the user model, whatever its app is called."""
        match = request.resolver_match
        meta = get_user_model()._meta
        page = f"{meta.app_label}_{meta.model_name}_change"
        if match and match.app_name == "admin" and match.url_name == page:
            add_tab(request, response, site_name=match.namespace)
        return response
