"""The cells of Tool Calls, as HTML."""

from __future__ import annotations

from datetime import timedelta

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.cells import badge, empty_cell
from agent_connector.models import ToolCall
from agent_connector.policy.staff import name_of

TONES = {
    ToolCall.Outcome.DONE: "green",
    ToolCall.Outcome.REFUSED: "amber",
    ToolCall.Outcome.FAILED: "red",
    ToolCall.Outcome.ASKED: "grey",
}

REASONS = {
    "above_ceiling": _("Above what administrators allow this user"),
    "asked": _("The user was asked, and has not answered yet"),
    "blocked": _("The client was blocked"),
    "broken": _("The tool broke; its owner has been told"),
    "cannot_keep": _("The form cannot keep a value as it is"),
    "conflict": _("Changed meanwhile, or refused by the database"),
    "declined": _("The user was asked, and said no"),
    "disabled": _("MCP access is disabled"),
    "expired": _("The connection has expired"),
    "invalid_arguments": _("The arguments were not valid"),
    "invalid_column": _("There is no such column"),
    "invalid_field": _("There is no such field"),
    "invalid_filter": _("There is no such filter"),
    "invalid_inline": _("The page has no such rows"),
    "invalid_ordering": _("There is no such order"),
    "invalid_request": _("The admin refused the request"),
    "invalid_values": _("The values were not valid"),
    "model is withheld": _("The model is withheld from agents"),
    "no_facets": _("The list counts no facets"),
    "no_search": _("The list has no search"),
    "not_applied": _("The form did not take a value"),
    "not_confirmed": _("The confirmation did not fit, or not any more"),
    "model_read_only": _("Agents may only read this model"),
    "not_found": _("There is no such record, or it is not visible"),
    "not_staff": _("The user may not sign in to the admin"),
    "not_supported": _("Only a person can do that, in the admin"),
    "permission_missing": _("The user lacks the permission"),
    "protected": _("Other records need it"),
    "refused_by_action": _("The action refused"),
    "revoked": _("The connection was revoked"),
    "role_changed": _("A role of the user was changed meanwhile"),
    "scope_missing": _("The connection may not do that"),
    "site_read_only": _("Agents may only read on this site"),
    "suspended": _("The connection was suspended"),
    "switched_off": _("The MCP server was switched off"),
    "too_many_calls": _("Too many calls in one minute; on record once a minute"),
    "too_long": _("The answer would have been too long"),
    "unknown_action": _("There is no such action for this user"),
    "unknown model": _("There is no such model"),
    "unknown tool": _("There is no such tool"),
}
"""What the codes on record mean; the export keeps the codes."""


def linked(text: str, url: str) -> SafeString:
    if not url:
        return format_html("{}", text)
    return format_html('<a class="aac-link" href="{}">{}</a>', url, text)


def person_cell(call: ToolCall, *, url: str) -> SafeString:
    """Return the name as in the grid to who may see users, else the one on record."""
    if not url or call.user is None:
        return linked(call.user_name, "")
    return linked(name_of(call.user), url)


def person_fact(call: ToolCall, *, url: str) -> SafeString:
    """Return the name as the list shows it, and below it the sign-in name on record."""
    name = person_cell(call, url=url)
    if not url or call.user is None or name_of(call.user) == call.user_name:
        return name
    under = '<span class="aac-under"><bdi>{}</bdi></span>'
    return format_html("<bdi>{}</bdi>" + under, name, call.user_name)


def record_cell(call: ToolCall, *, url: str) -> SafeString:
    """Return model and object, the object as a link where the viewer may see it."""
    if not call.model and not call.object_id:
        return empty_cell()
    if not call.object_id:
        return format_html("<code>{}</code>", call.model)
    shown = linked(f"#{call.object_id}", url)
    record = '<code>{}</code> <span class="aac-object">{}</span>'
    return format_html(record, call.model, shown)


def outcome_cell(call: ToolCall) -> SafeString:
    tone = TONES.get(ToolCall.Outcome(call.outcome), "grey")
    shown = badge(call.get_outcome_display(), tone=tone)
    if not call.reason:
        return shown
    why = REASONS.get(call.reason, call.reason)
    return format_html('{}<span class="aac-under">{}</span>', shown, why)


def duration_text(duration: timedelta) -> str:
    """Return such as `12 ms` or `1.4 s`, in German `1,4 s`."""
    milliseconds = duration / timedelta(milliseconds=1)
    if milliseconds < 1000:  # noqa: PLR2004  # one second
        return f"{milliseconds:.0f} ms"
    return f"{number_format(milliseconds / 1000, decimal_pos=1)} s"
