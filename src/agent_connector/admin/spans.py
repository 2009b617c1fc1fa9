"""A number of seconds as people say it."""

from __future__ import annotations

from django.utils.translation import ngettext_lazy

SPANS = (
    (86_400, ngettext_lazy("%(count)d day", "%(count)d days", "count")),
    (3_600, ngettext_lazy("%(count)d hour", "%(count)d hours", "count")),
    (60, ngettext_lazy("%(count)d minute", "%(count)d minutes", "count")),
    (1, ngettext_lazy("%(count)d second", "%(count)d seconds", "count")),
)
"""The units that a number of seconds is told in, and their names."""


def span_text(seconds: int) -> str:
    """Return such as `30 days` or `1 hour 30 minutes`; "" for less than a minute."""
    if seconds < SPANS[-2][0]:
        return ""
    parts = []
    for size, name in SPANS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(name % {"count": count})
    return " ".join(parts)
