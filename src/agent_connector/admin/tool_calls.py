"""Tool Calls: what agents did, were refused and failed at. Nothing here can be changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agent_connector.admin import call_cells as cells
from agent_connector.admin.call_filters import FILTERS, called_by, called_itself
from agent_connector.admin.call_page import show_call
from agent_connector.admin.cells import moment_cell
from agent_connector.admin.export import csv_response, filtered_rows, utc_text
from agent_connector.admin.links import screen_url
from agent_connector.admin.people import require
from agent_connector.admin.record_links import RecordLinks, models_on
from agent_connector.admin.records import RecordsAdmin, labelled
from agent_connector.models import ToolCall
from agent_connector.policy.administration import (
    may_view_arguments,
    may_view_calls,
    may_view_users,
)
from agent_connector.policy.rules import Verdict

EXPORT_CHUNK = 2_000
SAID = ("arguments", "changes")
"""What is behind a permission of its own."""

HEADER = (
    *("time_utc", "user", "client", "tool", "model", "object"),
    *("outcome", "reason", "duration_ms", "address"),
)


class ToolCallAdmin(RecordsAdmin):
    list_filter = FILTERS
    ordering = ("-at",)
    list_select_related = ("user",)
    search_fields = ("user_name", "client_name", "object_id")
    """Only that there is a search: `get_search_results` says in what."""

    words = {
        "search_hint": gettext_lazy("User, client, id"),
        "nothing": gettext_lazy("No tool call matches these filters."),
        "show_all": gettext_lazy("Show all tool calls"),
        "none_yet": gettext_lazy("No tool call yet"),
        "none_yet_hint": gettext_lazy(
            "Each call of a connected client stands here, refused ones too."
        ),
        "can_export": True,
    }

    def may_view(self, request: HttpRequest) -> Verdict:
        return may_view_calls(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*SAID)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Leave the calls which each word names: user or client in part, or the object.

        An object by its whole id: "7" is not looked for in 17.
        """
        for word in search_term.split():
            about = Q(object_id=word)
            queryset = queryset.filter(
                called_by(word, request) | called_itself(word) | about
            )
        return queryset, False

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns; those with links are made for this viewer."""
        site = self.admin_site
        links = RecordLinks(site, request)
        sees_users = may_view_users(request.user).allowed

        @admin.display(description=_("Time"), ordering="at")
        def time(call: ToolCall) -> str:
            url = reverse(
                "admin:agent_connector_toolcall_change",
                args=[call.pk],
                current_app=site.name,
            )
            return format_html(
                '<a class="aac-link" href="{}">{}</a>',
                url,
                moment_cell(call.at, label=""),
            )

        @admin.display(description=_("User"))
        def user(call: ToolCall) -> str:
            url = ""
            if call.user_id is not None and sees_users:
                url = screen_url(site.name, "info", call.user_id)
            return labelled(_("User"), cells.person_cell(call, url=url))

        @admin.display(description=_("Model and object"))
        def record(call: ToolCall) -> str:
            return labelled(
                _("Object"), cells.record_cell(call, url=links.url_of(call))
            )

        return [time, user, "client", "tool_name", record, "outcome_badge", "took"]

    @admin.display(description=gettext_lazy("Client"))
    def client(self, call: ToolCall) -> str:
        return labelled(_("Client"), call.client_name)

    @admin.display(description=gettext_lazy("Tool"))
    def tool_name(self, call: ToolCall) -> str:
        return labelled(_("Tool"), format_html("<code>{}</code>", call.tool))

    @admin.display(description=gettext_lazy("Outcome"))
    def outcome_badge(self, call: ToolCall) -> str:
        return labelled(_("Outcome"), cells.outcome_cell(call))

    @admin.display(description=gettext_lazy("Duration"))
    def took(self, call: ToolCall) -> str:
        return labelled(_("Duration"), cells.duration_text(call.duration))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        labels = sorted(models_on(self.admin_site))
        context = {"known_models": labels, **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        """Return our screens only: nothing of a ModelAdmin's add, change or delete."""
        name = "agent_connector_toolcall"
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("export/", wrap(require_safe(self.export)), name=f"{name}_export"),
            path("<int:pk>/", wrap(require_safe(self.page)), name=f"{name}_change"),
        ]

    def page(self, request: HttpRequest, *, pk: int) -> HttpResponseBase:
        return show_call(self.admin_site, request, pk=pk)

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Send what the list shows, all pages of it, as CSV."""
        require(may_view_calls(request.user))
        with_arguments = may_view_arguments(request.user).allowed
        rows = filtered_rows(self, request)
        return csv_response(
            "tool-calls",
            (*HEADER, *SAID) if with_arguments else HEADER,
            _csv_rows(rows, with_arguments=with_arguments),
            now=timezone.now(),
        )


def _csv_rows(
    calls: QuerySet[Any], *, with_arguments: bool
) -> Iterator[tuple[object, ...]]:
    found = calls.defer(None) if with_arguments else calls
    for call in found.iterator(chunk_size=EXPORT_CHUNK):
        row = (
            *(utc_text(call.at), call.user_name, call.client_name, call.tool),
            *(call.model, call.object_id, call.outcome, call.reason),
            round(call.duration / timedelta(milliseconds=1)),
            call.address,
        )
        said = [getattr(call, name) for name in SAID] if with_arguments else []
        yield (*row, *(json.dumps(one, ensure_ascii=False) for one in said))
