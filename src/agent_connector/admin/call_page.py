"""One tool call: what it changed and, for those who may see that, what it said."""

from __future__ import annotations

import json

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from agent_connector.admin import call_cells as cells
from agent_connector.admin.call_changes import changes_of
from agent_connector.admin.links import screen_url
from agent_connector.admin.people import require
from agent_connector.admin.record_links import RecordLinks
from agent_connector.admin.system_page import list_url, render_system_page
from agent_connector.models import ToolCall
from agent_connector.policy.administration import (
    may_view_arguments,
    may_view_calls,
    may_view_users,
)


def show_call(site: AdminSite, request: HttpRequest, *, pk: int) -> TemplateResponse:
    """Show everything that is on record of one attempt."""
    require(may_view_calls(request.user))
    calls = ToolCall.objects.select_related("user").defer("arguments", "changes")
    call = calls.filter(pk=pk).first()
    if call is None:
        raise Http404
    links = RecordLinks(site, request)
    shows_arguments = may_view_arguments(request.user).allowed
    user_url = ""
    if call.user_id is not None and may_view_users(request.user).allowed:
        user_url = screen_url(site.name, "info", call.user_id)
    return render_system_page(
        site,
        request,
        "tool_call.html",
        model=ToolCall,
        title=_("Tool call %(number)s") % {"number": call.pk},
        context={
            "call": call,
            "outcome": cells.outcome_cell(call),
            "caller_name": cells.person_fact(call, url=user_url),
            "record": cells.record_cell(call, url=links.url_of(call)),
            "duration": cells.duration_text(call.duration),
            "shows_arguments": shows_arguments,
            "arguments": arguments_text(call) if shows_arguments else "",
            "changes": changes_of(call, links, with_values=shows_arguments),
            "list_url": list_url(site.name, ToolCall),
        },
    )


def arguments_text(call: ToolCall) -> str:
    """Return the redacted arguments as people read JSON."""
    return json.dumps(call.arguments, ensure_ascii=False, indent=2)
