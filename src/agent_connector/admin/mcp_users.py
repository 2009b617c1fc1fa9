"""MCP Users: the grid, and the door to every screen about a user."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agent_connector.admin import cells
from agent_connector.admin.access import change_access
from agent_connector.admin.account import show_account
from agent_connector.admin.clients import NOBODYS
from agent_connector.admin.events import show_events
from agent_connector.admin.export_users import export_users
from agent_connector.admin.filters import FILTERS, PARAMETERS
from agent_connector.admin.fragment import in_its_form
from agent_connector.admin.grid import KeyedPaginator, MCPUserChangeList, search_fields
from agent_connector.admin.info import show_info
from agent_connector.admin.links import screen_url
from agent_connector.admin.mass import (
    ACTIONS,
    MCPUserActionForm,
    refuse_malformed_selection,
)
from agent_connector.admin.people import require, visible_user
from agent_connector.admin.personal_token import make_personal_token
from agent_connector.admin.revoke_all import revoke_all
from agent_connector.admin.revoke_token import revoke_token
from agent_connector.admin.role import show_role
from agent_connector.admin.tokens import show_tokens
from agent_connector.admin.trace import trace
from agent_connector.models import MCPUser
from agent_connector.policy.administration import (
    may_change_access,
    may_revoke,
    may_trace,
    may_view_users,
)
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import listed_users, name_of

Screen = Callable[..., HttpResponseBase]

STYLE = "agent_connector/agent_connector.css"


class MCPUserAdmin(admin.ModelAdmin):
    """Lists all staff. It grants nothing: what one may do is the policy's word."""

    actions = tuple(ACTIONS.values())
    action_form = MCPUserActionForm
    change_list_template = "agent_connector/admin/mcp_users.html"
    list_display_links = None
    list_filter = FILTERS
    list_max_show_all = 200
    list_per_page = 50
    ordering = (MCPUser.USERNAME_FIELD,)
    paginator = KeyedPaginator
    show_facets = ShowFacets.NEVER
    show_full_result_count = False

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": [STYLE]})

    # What the viewer may do ------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_view_users(request.user).allowed

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return may_view_users(request.user).allowed

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Guards the mass action of that name."""
        return may_revoke(request.user).allowed

    def has_change_access_permission(self, request: HttpRequest) -> bool:
        """Guards the mass actions Enable and Disable."""
        return may_change_access(request.user).allowed

    def lookup_allowed(
        self, lookup: str, value: str, request: HttpRequest | None = None
    ) -> bool:
        """Allow our filters only: no way through the query string to other columns."""
        del value, request
        return lookup in PARAMETERS

    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: Any = None,
        action_location: Any = None,
    ) -> Any:
        """Return the choices of the dropdown, below words that ask for one."""
        del default_choices
        prompt = [("", _("Choose an action"))]
        since_6_1 = {"action_location": action_location} if action_location else {}
        return super().get_action_choices(request, prompt, **since_6_1)

    # The grid ---------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        del request
        return listed_users().select_related("mcp_access").order_by()

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        del request
        return search_fields()

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Leave it to the columns: those with an order can be sorted by."""
        del request

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[Any]:
        del request, options
        return MCPUserChangeList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns; those with links are made for this viewer."""
        site_name, now = self.admin_site.name, timezone.now()

        @admin.display(description=cells.user_head(), ordering=MCPUser.USERNAME_FIELD)
        def user(row: Any) -> str:
            return cells.user_cell(row, url=screen_url(site_name, "info", row.pk))

        @admin.display(description=_("Clients"))
        def clients(row: Any) -> str:
            return cells.clients_cell(_clients_of(row), now=now)

        @admin.display(description=_("Actions"))
        def row_actions(row: Any) -> str:
            return cells.menu_cell(
                row.pk,
                name=name_of(row),
                details_url=screen_url(site_name, "tokens", row.pk),
                links=_row_links(request, row, site_name=site_name),
            )

        return [
            user,
            "access_status",
            clients,
            "added_to_mcp",
            "last_used",
            row_actions,
        ]

    @admin.display(
        description=gettext_lazy("Access Status"), ordering="mcp_access__enabled"
    )
    def access_status(self, row: Any) -> str:
        return cells.status_cell(is_enabled=_is_enabled(row))

    @admin.display(
        description=gettext_lazy("Added to MCP"), ordering="mcp_access__added_at"
    )
    def added_to_mcp(self, row: Any) -> str:
        return cells.date_cell(_moment(row, "added_at"), label=_("Added to MCP"))

    @admin.display(
        description=gettext_lazy("Last Used"), ordering="mcp_access__last_used_at"
    )
    def last_used(self, row: Any) -> str:
        return cells.moment_cell(_moment(row, "last_used_at"), label=_("Last Used"))

    @method_decorator(sensitive_post_parameters("password"))
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        require(may_view_users(request.user))
        if request.method == "POST":
            self._refuse_forbidden_action(request)
            refuse_malformed_selection(request)
        own = {"title": _("MCP Users"), "may_trace": may_trace(request.user).allowed}
        return super().changelist_view(request, own | (extra_context or {}))

    def _refuse_forbidden_action(self, request: HttpRequest) -> None:
        wanted = set(request.POST.getlist("action")) & ACTIONS.keys()
        if wanted - self.get_actions(request).keys():
            raise PermissionDenied

    # The other screens -------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Return our screens only: nothing of a ModelAdmin's add, change or delete."""
        grid = self.admin_site.admin_view(self.changelist_view)
        screen, form = self._screen, self._form
        return [
            path("", grid, name=_name("changelist")),
            path("export/", screen(_export), name=_name("export")),
            path("account/", screen(show_account), name=_name("account")),
            path("account/token/", form(make_personal_token), name=_name("personal")),
            path("leaked-token/", form(trace), name=_name("trace")),
            path("roles/<int:pk>/", form(show_role), name=_name("role")),
            path("<str:pk>/info/", screen(show_info), name=_name("info")),
            path("<str:pk>/tokens/", screen(show_tokens), name=_name("tokens")),
            path("<str:pk>/events/", screen(show_events), name=_name("events")),
            path("<str:pk>/access/", form(change_access), name=_name("access")),
            path("<str:pk>/revoke/", form(revoke_all), name=_name("revoke")),
            path(
                "<str:pk>/tokens/<uuid:public_id>/revoke/",
                form(revoke_token),
                name=_name("token_revoke"),
            ),
            path("<str:pk>/change/", screen(_to_info), name=_name("change")),
            path("<str:pk>/", screen(_to_info)),
        ]

    def _screen(self, screen: Screen) -> Screen:
        return self._door(screen, methods=["GET", "HEAD"])

    def _form(self, screen: Screen) -> Screen:
        return self._door(screen, methods=["GET", "HEAD", "POST"])

    def _door(self, screen: Screen, *, methods: list[str]) -> Screen:
        @sensitive_post_parameters("password", "text")
        @require_http_methods(methods)
        def view(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
            return in_its_form(request, screen(self.admin_site, request, **parameters))

        return self.admin_site.admin_view(view)


def _name(screen: str) -> str:
    return f"agent_connector_mcpuser_{screen}"


def _export(site: admin.AdminSite, request: HttpRequest) -> HttpResponseBase:
    require(may_view_users(request.user))
    return export_users(site.get_model_admin(MCPUser), request)


def _to_info(
    site: admin.AdminSite, request: HttpRequest, *, pk: str
) -> HttpResponseRedirect:
    """Lead from a ModelAdmin's usual addresses of an object to the MCP Info tab."""
    user = visible_user(request, pk)
    return HttpResponseRedirect(screen_url(site.name, "info", user.pk))


def _is_enabled(row: Any) -> bool:
    return bool(getattr(access_of(row), "enabled", False))


def _moment(row: Any, name: str) -> datetime | None:
    return getattr(access_of(row), name, None)


def _clients_of(row: Any) -> Any:
    return getattr(row, "clients", NOBODYS)


def _row_links(
    request: HttpRequest, row: Any, *, site_name: str
) -> list[tuple[str, str, bool]]:
    """Return the row's further actions: those that apply and that the viewer may do."""
    back = f"next={quote_plus(request.get_full_path())}"
    links = []
    if may_change_access(request.user, row).allowed:
        url = screen_url(site_name, "access", row.pk)
        if _is_enabled(row):
            links.append((_("Disable"), f"{url}?access=disabled&{back}", True))
        else:
            links.append((_("Enable"), f"{url}?access=enabled&{back}", False))
    if _clients_of(row).active_tokens and may_revoke(request.user, row).allowed:
        url = screen_url(site_name, "revoke", row.pk)
        links.append((_("Revoke All"), f"{url}?{back}", True))
    return links
