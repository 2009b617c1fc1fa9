"""MCP Users: the grid, and the door to every screen about a user."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agent_connector.admin import cells
from agent_connector.admin.asks_for_action import AsksForAction
from agent_connector.admin.clients import NOBODYS
from agent_connector.admin.filters import FILTERS, PARAMETERS
from agent_connector.admin.grid import KeyedPaginator, MCPUserChangeList, search_fields
from agent_connector.admin.links import screen_url
from agent_connector.admin.mass import ACTIONS, refuse_malformed_selection
from agent_connector.admin.people import require
from agent_connector.admin.screens import screen_patterns
from agent_connector.models import MCPUser
from agent_connector.policy.administration import (
    may_change_access,
    may_revoke,
    may_trace,
    may_view_users,
)
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import listed_users, name_of

STYLE = "agent_connector/agent_connector.css"


class MCPUserAdmin(AsksForAction):
    """Lists all staff. It grants nothing: what one may do is the policy's word."""

    actions = tuple(ACTIONS.values())
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

    def get_urls(self) -> list[URLPattern]:
        """Return our screens only: nothing of a ModelAdmin's add, change or delete."""
        grid = self.admin_site.admin_view(self.changelist_view)
        return screen_patterns(self.admin_site, grid=grid)


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
