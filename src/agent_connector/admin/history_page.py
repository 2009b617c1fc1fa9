"""The host's own History pages: which agent made a change, and for whom."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin.models import ADDITION, LogEntry
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agent_connector.audit.behind import calls_behind
from agent_connector.models import ToolCall
from agent_connector.policy.administration import may_view_calls
from agent_connector.policy.staff import name_of


def name_agents(
    request: HttpRequest, response: HttpResponseBase, *, site_name: str
) -> None:
    """Let each entry that a tool call wrote say so, with a link for whoever may see it.

    Only the entries of this answer are dressed: the template of the host's admin stays
    what it is, and what is stored, too.
    """
    if not isinstance(response, TemplateResponse):
        return
    listed = (response.context_data or {}).get("action_list") or ()
    entries = [one for one in listed if isinstance(one, LogEntry)]
    calls = calls_behind(entries) if entries else {}
    may_view = bool(calls) and may_view_calls(request.user).allowed
    for entry in entries:
        if entry.pk in calls:
            call = calls[entry.pk]
            url = _url_of(call, site_name=site_name) if may_view else ""
            entry.get_change_message = _dressed(entry, call, url=url)  # type: ignore[method-assign]  # what templates ask


def _dressed(entry: LogEntry, call: ToolCall, *, url: str) -> Callable[[], SafeString]:
    said = entry.get_change_message
    template = (
        _("Added by %(client)s for %(user)s")
        if entry.action_flag == ADDITION
        else _("Changed by %(client)s for %(user)s")
    )
    words = template % {"client": call.client_name, "user": name_of(entry.user)}
    shown = format_html('<a href="{}">{}</a>', url, words) if url else words
    return lambda: format_html("{}<br>{}", said(), shown)


def _url_of(call: ToolCall, *, site_name: str) -> str:
    name = "admin:agent_connector_toolcall_change"
    try:
        return reverse(name, args=[call.pk], current_app=site_name)
    except NoReverseMatch:
        return ""  # our screens are not on this AdminSite
