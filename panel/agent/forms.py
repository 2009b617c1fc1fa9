"""Read the forms of an HTML page: what a browser would send if one pressed Submit."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_NOT_SENT = frozenset({"submit", "button", "image", "reset", "file"})


@dataclass(slots=True)
class Form:
    """One form: where it goes, and its fields as they stand on the page."""

    action: str
    """As written; empty means the page's own address."""

    method: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    """A list where a name occurs more than once."""

    choices: dict[str, list[str]] = field(default_factory=dict)
    """Radio buttons and buttons that carry a value, by name; disabled ones left out."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(
                given.get("action", ""), given.get("method", "get").lower()
            )
            self.forms.append(self._open)
        elif self._open is not None:
            self._read_field(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""

    def _read_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given:
                _add(form, self._select, given.get("value", ""))
        elif name and "disabled" not in given and tag in {"input", "button"}:
            _read_input(form, tag, given)


def _read_input(form: Form, tag: str, given: dict[str, str]) -> None:
    name, value = given["name"], given.get("value", "")
    kind = given.get("type", "submit" if tag == "button" else "text").lower()
    if kind in {"radio", "checkbox"} | _NOT_SENT:
        form.choices.setdefault(name, []).append(value)
    if kind in {"radio", "checkbox"} and "checked" in given:
        _add(form, name, value or "on")
    elif kind not in {"radio", "checkbox"} | _NOT_SENT:
        _add(form, name, value)


def _add(form: Form, name: str, value: str) -> None:
    match form.fields.get(name):
        case None:
            form.fields[name] = value
        case list(values):
            values.append(value)
        case str(first):
            form.fields[name] = [first, value]


def forms_in(page: str) -> list[Form]:
    """Return every form of the page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_with(page: str, *names: str) -> Form | None:
    """Return the first form that has all these fields or choices, or None."""
    for form in forms_in(page):
        if all(name in form.fields or name in form.choices for name in names):
            return form
    return None
