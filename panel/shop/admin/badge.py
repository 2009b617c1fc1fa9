"""A status as a small coloured label: the word says it, the colour repeats it."""

from __future__ import annotations

from typing import Literal

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["green", "red", "amber", "blue", "grey"]


def badge(text: str | Promise, *, tone: Tone) -> SafeString:
    return format_html('<span class="panel-badge is-{}">{}</span>', tone, text)
