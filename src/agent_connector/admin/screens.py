"""Where the screens about users are, and what each is opened by."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agent_connector.admin.access import change_access
from agent_connector.admin.account import show_account
from agent_connector.admin.effective import show_effective
from agent_connector.admin.events import show_events
from agent_connector.admin.export_users import export_users
from agent_connector.admin.fragment import in_its_form
from agent_connector.admin.info import show_info
from agent_connector.admin.links import screen_url
from agent_connector.admin.people import require, visible_user
from agent_connector.admin.personal_token import make_personal_token
from agent_connector.admin.resume_token import resume_token
from agent_connector.admin.revoke_all import revoke_all
from agent_connector.admin.revoke_token import revoke_token
from agent_connector.admin.role import show_role
from agent_connector.admin.tokens import show_tokens
from agent_connector.admin.trace import trace
from agent_connector.models import MCPUser
from agent_connector.policy.administration import may_view_users

Screen = Callable[..., HttpResponseBase]

ONE_TOKEN = "<str:pk>/tokens/<uuid:public_id>"  # noqa: S105  # an address


def screen_patterns(site: AdminSite, *, grid: Screen) -> list[URLPattern]:
    """Return every address below that of the grid, and the grid's own."""

    def door(screen: Screen, *, methods: list[str]) -> Screen:
        @sensitive_post_parameters("password", "text")
        @require_http_methods(methods)
        def view(request: HttpRequest, **parameters: object) -> HttpResponseBase:
            return in_its_form(request, screen(site, request, **parameters))

        return site.admin_view(view)

    def looks(route: str, screen: Screen, name: str = "") -> URLPattern:
        return path(route, door(screen, methods=["GET", "HEAD"]), name=_name(name))

    def asks(route: str, screen: Screen, name: str) -> URLPattern:
        view = door(screen, methods=["GET", "HEAD", "POST"])
        return path(route, view, name=_name(name))

    return [
        path("", grid, name=_name("changelist")),
        looks("export/", _export, "export"),
        looks("account/", show_account, "account"),
        asks("account/token/", make_personal_token, "personal"),
        asks("leaked-token/", trace, "trace"),
        asks("roles/<int:pk>/", show_role, "role"),
        looks("<str:pk>/info/", show_info, "info"),
        looks("<str:pk>/effective/", show_effective, "effective"),
        looks("<str:pk>/tokens/", show_tokens, "tokens"),
        looks("<str:pk>/events/", show_events, "events"),
        asks("<str:pk>/access/", change_access, "access"),
        asks("<str:pk>/revoke/", revoke_all, "revoke"),
        asks(f"{ONE_TOKEN}/revoke/", revoke_token, "token_revoke"),
        asks(f"{ONE_TOKEN}/resume/", resume_token, "token_resume"),
        looks("<str:pk>/change/", _to_info, "change"),
        looks("<str:pk>/", _to_info),
    ]


def _name(screen: str) -> str | None:
    return f"agent_connector_mcpuser_{screen}" if screen else None


def _export(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    require(may_view_users(request.user))
    return export_users(site.get_model_admin(MCPUser), request)


def _to_info(site: AdminSite, request: HttpRequest, *, pk: str) -> HttpResponseRedirect:
    """Lead from a ModelAdmin's usual addresses of an object to the MCP Info tab."""
    user = visible_user(request, pk)
    return HttpResponseRedirect(screen_url(site.name, "info", user.pk))
