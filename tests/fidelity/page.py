"""Read a form of an admin page as a browser has it, independently of Django's forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

_BUTTONS = frozenset({"submit", "button", "image", "reset"})
_TICKED = frozenset({"checkbox", "radio"})


@dataclass(slots=True)
class Control:
    """What carries one name: an input, several boxes of one name, a select, a text."""

    kind: str
    sent: list[str] = field(default_factory=list)
    """What a browser would send now."""

    options: list[str] = field(default_factory=list)
    """What can be chosen; empty for texts."""

    look_up: str = ""
    """Where the choices are looked up, if the page does not list them."""


Controls = dict[str, Control]


def controls_in(page: str, *, form_id: str) -> Controls:
    """Return the enabled controls of the form with this id, or of those without one.

    Buttons are left out.
    """
    reader = _Reader(form_id)
    reader.feed(page)
    for control in reader.controls.values():
        if control.kind == "select" and not control.sent:
            control.sent = control.options[:1]
    return reader.controls


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.controls: Controls = {}
        self._form_id = form_id
        self._inside = False
        self._select: Control | None = None
        self._text: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id", "") == self._form_id
        elif not self._inside or "disabled" in given:
            return
        elif tag == "a" and "related-lookup" in given.get("class", ""):
            name = given["id"].removeprefix("lookup_id_")
            self.controls[name].look_up = f"{given['href']}&_popup=1"
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.sent.append(given.get("value", ""))
        elif given.get("name"):
            self._read(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text is not None:
            # A browser drops the first line break. That it sends the others as CR LF,
            # whatever is stored, is a difference that is known.
            [text] = self._text.sent
            self._text.sent = [text.removeprefix("\r\n").removeprefix("\n")]
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.sent[0] += data

    def _read(self, tag: str, given: dict[str, str]) -> None:
        name = given["name"]
        if tag == "textarea":
            self._text = self.controls[name] = Control("text", [""])
        elif tag == "select":
            kind = "several" if "multiple" in given else "select"
            self._select = self.controls[name] = Control(
                kind, look_up=_address_of(given)
            )
        elif tag == "input":
            self._read_input(name, given)

    def _read_input(self, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in _BUTTONS:
            return
        control = self.controls.setdefault(name, Control(kind))
        if kind not in _TICKED:
            control.sent += [] if kind == "file" else [value]
            return
        control.options.append(value or "on")
        if "checked" in given:
            control.sent.append(value or "on")


def _address_of(given: dict[str, str]) -> str:
    """Return what the script of an autocomplete asks, "" for other lists."""
    if "admin-autocomplete" not in given.get("class", ""):
        return ""
    asked = {
        name: given[f"data-{name.replace('_', '-')}"]
        for name in ("app_label", "model_name", "field_name")
    }
    return f"{given['data-ajax--url']}?{urlencode(asked)}"
