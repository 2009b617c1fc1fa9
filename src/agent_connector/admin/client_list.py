"""Clients: the programs that connect, and what may stop them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agent_connector.admin.cells import badge, empty_cell, moment_cell
from agent_connector.admin.client_entry import add_client, new_secret
from agent_connector.admin.client_page import block, show_client, unblock
from agent_connector.admin.client_rows import UNUSED, Usage, sole_users_of, usage_of
from agent_connector.admin.filters import DateRangeFilter
from agent_connector.admin.list_filters import ChoiceFilter
from agent_connector.admin.records import RecordsAdmin, RecordsChangeList, labelled
from agent_connector.audit.lines import NAMELESS
from agent_connector.models import Client
from agent_connector.policy.administration import may_change_clients
from agent_connector.policy.rules import Verdict
from agent_connector.policy.staff import name_of

_SHORT_KINDS = {
    Client.Kind.DOCUMENT: gettext_lazy("Document"),
    Client.Kind.DYNAMIC: gettext_lazy("Dynamic"),
    Client.Kind.MANUAL: gettext_lazy("Entered"),
}
"""The filter and the client's own page have the whole words."""


class KindFilter(ChoiceFilter):
    title = gettext_lazy("Kind")
    parameter_name = "kind"
    field_path = "kind"

    def values(self) -> Mapping[str, str | Promise]:
        return dict(Client.Kind.choices)


class TrustFilter(ChoiceFilter):
    title = gettext_lazy("Trust")
    parameter_name = "trust"
    field_path = "trust"

    def values(self) -> Mapping[str, str | Promise]:
        return dict(Client.Trust.choices)


class CreatedFilter(DateRangeFilter):
    title = gettext_lazy("Created")
    parameter_name = "created"
    field_path = "created_at"


class ClientChangeList(RecordsChangeList):
    """Adds the usage of the clients on the page, in two statements for all of them.

    Ten people's "Claude" are ten clients: the one user of each tells them apart.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        clients = list(self.result_list)
        found = usage_of([client.pk for client in clients], now=timezone.now())
        alone = sole_users_of(found)
        for client in clients:
            client.usage = found.get(client.pk, UNUSED)
            client.sole_user = alone.get(client.pk)
        self.result_list = clients


class ClientAdmin(RecordsAdmin):
    list_filter = (KindFilter, TrustFilter, CreatedFilter)
    ordering = ("-created_at",)
    search_fields = ("name", "host", "client_id")
    words = {
        "search_hint": gettext_lazy("Name, host or client id"),
        "add_label": gettext_lazy("Add client"),
        "nothing": gettext_lazy("No client matches these filters."),
        "show_all": gettext_lazy("Show all clients"),
        "none_yet": gettext_lazy("No client yet"),
        "none_yet_hint": gettext_lazy(
            "A client stands here as soon as somebody begins to connect it."
        ),
    }

    def may_view(self, request: HttpRequest) -> Verdict:
        return may_change_clients(request.user)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[Any]:
        del request, options
        return ClientChangeList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns; links lead back to the list as it is shown now."""
        site_name = self.admin_site.name
        back = quote_plus(request.get_full_path())

        @admin.display(description=_("Client"), ordering="name")
        def client(row: Client) -> str:
            url = _url(site_name, "change", row.pk)
            name = format_html(
                '<a class="aac-name" href="{}">{}</a>', url, row.name or NAMELESS
            )
            if row.kind == Client.Kind.MANUAL:  # as the column Kind says
                return name
            under = '{}<span class="aac-under">{}</span>'
            return format_html(under, name, _("Name not verified"))

        @admin.display(description=_("Actions"))
        def row_actions(row: Client) -> str:
            is_blocked = row.trust == Client.Trust.BLOCKED
            return format_html(
                '<a class="aac-button is-small{}" data-aac-dialog href="{}?next={}">{}'
                '<span class="aac-visually-hidden">: {}</span></a>',
                "" if is_blocked else " is-danger-quiet",
                _url(site_name, "unblock" if is_blocked else "block", row.pk),
                back,
                _("Unblock") if is_blocked else _("Block"),
                row.name or NAMELESS,
            )

        return [
            *(client, "kind_name", "verified_host", "user_count", "active_tokens"),
            *("created", "used", "trust_badge", row_actions),
        ]

    @admin.display(description=gettext_lazy("Kind"))
    def kind_name(self, row: Client) -> str:
        return labelled(_("Kind"), _SHORT_KINDS[Client.Kind(row.kind)])

    @admin.display(description=gettext_lazy("Verified Host"), ordering="host")
    def verified_host(self, row: Client) -> str:
        return labelled(_("Verified Host"), row.host or empty_cell())

    @admin.display(description=gettext_lazy("Users"))
    def user_count(self, row: Any) -> str:
        alone = getattr(row, "sole_user", None)
        shown = _usage_of(row).users if alone is None else name_of(alone)
        return labelled(_("Users"), shown)

    @admin.display(description=gettext_lazy("Active Tokens"))
    def active_tokens(self, row: Any) -> str:
        return labelled(_("Active Tokens"), _usage_of(row).active_tokens)

    @admin.display(description=gettext_lazy("Created"), ordering="created_at")
    def created(self, row: Client) -> str:
        return moment_cell(row.created_at, label=_("Created"))

    @admin.display(description=gettext_lazy("Last Used"))
    def used(self, row: Any) -> str:
        return moment_cell(_usage_of(row).last_call_at, label=_("Last Used"))

    @admin.display(description=gettext_lazy("Trust"))
    def trust_badge(self, row: Client) -> str:
        is_blocked = row.trust == Client.Trust.BLOCKED
        tone = "red" if is_blocked else "grey"
        return labelled(_("Trust"), badge(row.get_trust_display(), tone=tone))

    def get_urls(self) -> list[URLPattern]:
        """Return our screens only: nothing of a ModelAdmin's add, change or delete."""
        wrap = self.admin_site.admin_view
        form = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("", wrap(self.changelist_view), name=_name("changelist")),
            path("add/", wrap(form(self.add)), name=_name("add")),
            path("<int:pk>/secret/", wrap(form(self.secret)), name=_name("secret")),
            path("<int:pk>/", wrap(require_safe(self.page)), name=_name("change")),
            path("<int:pk>/block/", wrap(form(self.block)), name=_name("block")),
            path("<int:pk>/unblock/", wrap(form(self.unblock)), name=_name("unblock")),
        ]

    def page(self, request: HttpRequest, *, pk: int) -> HttpResponseBase:
        return show_client(self.admin_site, request, pk=pk)

    def add(self, request: HttpRequest) -> HttpResponseBase:
        return add_client(self.admin_site, request)

    def secret(self, request: HttpRequest, *, pk: int) -> HttpResponseBase:
        return new_secret(self.admin_site, request, pk=pk)

    def block(self, request: HttpRequest, *, pk: int) -> HttpResponseBase:
        return block(self.admin_site, request, pk=pk)

    def unblock(self, request: HttpRequest, *, pk: int) -> HttpResponseBase:
        return unblock(self.admin_site, request, pk=pk)


def _name(screen: str) -> str:
    return f"agent_connector_client_{screen}"


def _url(site_name: str, screen: str, pk: int) -> str:
    return reverse(f"admin:{_name(screen)}", args=[pk], current_app=site_name)


def _usage_of(row: Any) -> Usage:
    usage: Usage = getattr(row, "usage", UNUSED)
    return usage
