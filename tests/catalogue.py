"""Read translation catalogues and what the code marks for them, without gettext."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

MARKERS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), ("one",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("one", "many")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "one")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "one", "many")),
}
"""The functions that mark a text, and what their arguments are."""

Key = tuple[str, str, str]
"""Context, text, and the text for many of them; "" where there is none."""


@dataclass(kw_only=True)
class Message:
    """One entry of a catalogue."""

    texts: dict[str, str] = field(default_factory=dict)
    """By the keyword before each: `msgid`, `msgstr[1]`, `msgctxt` and so on."""

    is_fuzzy: bool = False

    @property
    def key(self) -> Key:
        texts = self.texts
        return (
            texts.get("msgctxt", ""),
            texts["msgid"],
            texts.get("msgid_plural", ""),
        )

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.texts.items() if name.startswith("msgstr")]


def read_po(path: Path) -> list[Message]:
    """Return the messages of a catalogue, its header left out.

    Knows what `makemessages` writes: no obsolete entries are returned.
    """
    messages = [_message(block) for block in path.read_text("utf-8").split("\n\n")]
    return [message for message in messages if message.texts.get("msgid")]


def _message(block: str) -> Message:
    message = Message()
    name = ""
    for line in block.splitlines():
        if line.startswith("#,"):
            message.is_fuzzy = "fuzzy" in line
        if line.startswith("#"):
            continue
        keyword, _, text = line.partition('"')
        name = keyword.strip() or name
        message.texts[name] = message.texts.get(name, "") + json.loads(f'"{text}')
    return message


def marked_in_python(path: Path) -> Iterator[Key]:
    """Yield what a module marks; only texts that stand in the call can be found."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        names = MARKERS.get(call.func.id, ())
        given = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        texts = {
            name: text
            for name, text in zip(names, given, strict=False)
            if isinstance(text, str)
        }
        if len(texts) == len(names) > 0:
            yield texts.get("context", ""), texts["one"], texts.get("many", "")


def marked_in_template(path: Path) -> Iterator[Key]:
    """Yield what `translate` and `blocktranslate` mark in a template."""
    django: Any = engines["django"]
    nodes = django.engine.from_string(path.read_text("utf-8")).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield _context_of(node), str(node.filter_expression.var.literal), ""
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        one, _ = node.render_token_list(node.singular)
        many = node.render_token_list(node.plural)[0] if node.plural else ""
        yield _context_of(node), one, many


def _context_of(node: Any) -> str:
    return str(node.message_context.var) if node.message_context else ""
