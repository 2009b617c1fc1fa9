"""Read a page that an action shows in between: its form, its errors, its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_WORDLESS = {"script", "style", "option", "textarea", "template"}
_HEADING = {"h1", "title"}
_PRESSED = {"submit", "image"}
_NEVER_SENT = {"button", "reset"}
_BOXES = {"checkbox", "radio"}


@dataclass(slots=True, kw_only=True, eq=False)
class Option:
    """One thing to choose. Without a value, its label is sent."""

    value: str | None
    label: str = ""
    picked: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Control:
    """One input of a form; check boxes and radio buttons are joined by name."""

    name: str
    kind: str
    ids: list[str] = field(default_factory=list)
    label: str = ""
    required: bool = False
    several: bool = False
    value: str = ""
    options: list[Option] = field(default_factory=list)

    def sent(self) -> list[str]:
        """Return what a browser sends for it, untouched."""
        if self.kind == "select" or self.kind in _BOXES:
            picked = [one for one in self.options if one.picked]
            if self.kind == "select" and not self.several and not picked:
                picked = self.options[:1]
            return [one.value or "" for one in picked]
        return [] if self.kind == "file" else [self.value]


@dataclass(slots=True, kw_only=True, eq=False)
class Form:
    """One `<form>` of the page."""

    id: str = ""
    target: str = ""
    controls: list[Control] = field(default_factory=list)

    def sent(self) -> list[tuple[str, str]]:
        """Return what a browser sends when its first button is pressed."""
        pressed = [one for one in self.controls if one.kind in _PRESSED][:1]
        return [
            (control.name, value)
            for control in self.controls
            if control.name and (control.kind not in _PRESSED or control in pressed)
            for value in control.sent()
        ]


@dataclass(slots=True, kw_only=True, eq=False)
class Page:
    """What the page says and asks."""

    title: str = ""
    words: str = ""
    forms: list[Form] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    """By the name of the control; "" for what concerns no single one."""


def read_page(html: str) -> Page:
    """Return what is on the page, as a person in a browser sees it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page()


class _Reader(HTMLParser):
    """Follows the page from its first tag to its last."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._forms: list[Form] = []
        self._form: Form | None = None
        self._sinks: list[tuple[str, list[str]]] = []
        """Open elements whose text is wanted, innermost last."""

        self._titles: dict[str, str] = {}
        self._words: list[str] = []
        self._labels: dict[str, str] = {}
        self._label_for = ""
        self._in_label: list[Control] = []
        self._depth = 0
        """Of `div`s inside the one with the content; 0 outside."""

        self._error_of = ""
        self._errors: list[tuple[str, str]] = []

    def page(self) -> Page:
        """Return what was read."""
        names = {}
        for form in self._forms:
            for control in form.controls:
                for one in control.ids:
                    names[one] = control.name
                if control.kind in _BOXES:
                    for option, one in zip(control.options, control.ids, strict=True):
                        option.label = option.label or self._labels.get(one, "")
                control.label = control.label or self._label_of(control)
        errors: dict[str, list[str]] = {}
        for place, message in self._errors:
            errors.setdefault(names.get(place, ""), []).append(message)
        return Page(
            title=self._titles.get("h1") or self._titles.get("title", ""),
            words=" ".join(" ".join(self._words).split()),
            forms=self._forms,
            errors=errors,
        )

    def _label_of(self, control: Control) -> str:
        if control.kind in _BOXES:  # each has its own; a single one is the question
            return control.options[0].label if len(control.options) == 1 else ""
        return next((self._labels[i] for i in control.ids if i in self._labels), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "option":
            self._close_open(tag)  # its end may be left out
        match tag:
            case "div":
                self._open_div(given)
            case "form" if given.get("method", "").lower() == "post":
                self._form = Form(
                    id=given.get("id", ""), target=given.get("action", "")
                )
                self._forms.append(self._form)
            case "label":
                self._label_for = given.get("for", "")
                self._in_label = []
            case "ul" if "errorlist" in given.get("class", "").split():
                self._error_of = given.get("id", "").removesuffix("_error") or "*"
            case "input" | "select" | "textarea" | "button" | "option":
                self._open_control(tag, given)
        wanted = tag in {"label", "option", "textarea", *_HEADING, *_WORDLESS}
        if wanted or (tag == "li" and self._error_of):
            self._sinks.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "div" if self._depth:
                self._depth -= 1
            case "form":
                self._form = None
            case "ul":
                self._error_of = ""
        self._close_open(tag)

    def _close_open(self, tag: str) -> None:
        """Close the element, and those inside that were left open."""
        tag = "option" if tag == "select" else tag
        while any(tag == one for one, _ in self._sinks):
            closed, parts = self._sinks.pop()
            self._close(closed, "".join(parts))

    def handle_data(self, data: str) -> None:
        for _, parts in self._sinks[-1:]:
            parts.append(data)
        if self._depth and not any(tag in _WORDLESS for tag, _ in self._sinks):
            self._words.append(data)

    def _open_div(self, given: dict[str, str]) -> None:
        if self._depth or given.get("id") == "content":
            self._depth += 1

    def _open_control(self, tag: str, given: dict[str, str]) -> None:
        if self._form is None or "disabled" in given:
            return
        if tag == "option":
            self._open_option(given)
            return
        kind = given.get("type", "submit" if tag == "button" else "text").lower()
        kind = kind if tag in {"input", "button"} else tag
        if kind in _NEVER_SENT:
            return
        control = Control(
            name=given.get("name", ""),
            kind=kind,
            ids=[given.get("id", "")],
            required="required" in given,
            several=tag == "select" and "multiple" in given,
            value=given.get("value", ""),
        )
        if kind in _BOXES:
            control = self._joined(control, picked="checked" in given)
        if control not in self._form.controls:
            self._form.controls.append(control)
        self._in_label.append(control)

    def _joined(self, control: Control, *, picked: bool) -> Control:
        """Return the group that the box or button belongs to."""
        option = Option(value=control.value or "on", picked=picked)
        for other in self._form.controls if self._form else []:
            if (other.name, other.kind) == (control.name, control.kind):
                other.several = control.kind == "checkbox"
                other.ids += control.ids
                other.options.append(option)
                return other
        control.options = [option]
        return control

    def _open_option(self, given: dict[str, str]) -> None:
        if self._form is None or not self._form.controls:
            return
        select = self._form.controls[-1]
        if select.kind == "select":
            picked = "selected" in given
            select.options.append(Option(value=given.get("value"), picked=picked))

    def _close(self, tag: str, words: str) -> None:
        plain = " ".join(words.split())
        controls = self._form.controls if self._form else []
        match tag:
            case "h1" | "title":
                self._titles.setdefault(tag, plain)
            case "li":
                self._errors.append((self._error_of, plain))
            case "label":
                self._close_label(plain.removesuffix(":"))
            case "textarea" if controls and controls[-1].kind == "textarea":
                controls[-1].value = words.removeprefix("\n")
            case "option" if controls and controls[-1].options:
                option = controls[-1].options[-1]
                option.label = plain
                option.value = plain if option.value is None else option.value

    def _close_label(self, words: str) -> None:
        if self._label_for:
            self._labels[self._label_for] = words
        for control in self._in_label:
            if control.kind in _BOXES:
                control.options[-1].label = words
            else:
                control.label = words
        self._label_for, self._in_label = "", []
