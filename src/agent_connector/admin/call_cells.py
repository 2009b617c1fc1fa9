"""The cells of Tool Calls, as HTML."""

from __future__ import annotations

from datetime import timedelta

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agent_connector.admin.cells import badge, empty_cell
from agent_connector.models import ToolCall

TONES = {
    ToolCall.Outcome.DONE: "green",
    ToolCall.Outcome.REFUSED: "amber",
    ToolCall.Outcome.FAILED: "red",
    ToolCall.Outcome.ASKED: "grey",
}


def linked(text: str, url: str) -> SafeString:
    if not url:
        return format_html("{}", text)
    return format_html('<a class="aac-link" href="{}">{}</a>', url, text)


def record_cell(call: ToolCall, *, url: str) -> SafeString:
    """Return model and object, the object as a link where the viewer may see it."""
    if not call.model and not call.object_id:
        return empty_cell()
    shown = linked(f"#{call.object_id}", url) if call.object_id else ""
    return format_html("{} {}", call.model, shown)


def outcome_cell(call: ToolCall) -> SafeString:
    tone = TONES.get(ToolCall.Outcome(call.outcome), "grey")
    shown = badge(call.get_outcome_display(), tone=tone)
    if not call.reason:
        return shown
    return format_html('{}<span class="aac-under">{}</span>', shown, call.reason)


def duration_text(duration: timedelta) -> str:
    """Return such as `12 ms` or `1.4 s`, in German `1,4 s`."""
    milliseconds = duration / timedelta(milliseconds=1)
    if milliseconds < 1000:  # noqa: PLR2004  # one second
        return f"{milliseconds:.0f} ms"
    return f"{number_format(milliseconds / 1000, decimal_pos=1)} s"
