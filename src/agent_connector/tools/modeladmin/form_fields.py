"""The questions of an action's page as an agent sees and answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.settable import is_secret
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, text
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent_connector.tools.modeladmin.page_form import Control, Form

MAX_CHOICES = 50
_NOT_ASKED = {"hidden", "password", "file", "submit", "image"}
_OF_THE_LIST = {"action", "index", "select_across", ACTION_CHECKBOX_NAME}
NO_CHOICE = "This is not one of the choices."
NEEDS_ONE = "Give one value."
NEEDS_TEXT = "Give a text or a number."
NEEDS_BOOLEAN = "Give true or false."


class Choice(msgspec.Struct, frozen=True):
    value: str
    label: str


class FormField(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question; `several` takes a list."""

    name: str
    type: str
    label: str = ""
    required: bool = False
    several: bool = False
    choices: list[Choice] = []
    more_choices: bool = False
    value: str | bool | list[str] = ""


def described_fields(form: Form) -> list[FormField]:
    """Return what the page asks, secrets and files left out."""
    return [_described(control) for control in _asked(form).values()]


def fill(form: Form, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a browser sends once the answers are filled in.

    Raises:
        ToolFailed: a name or choice is not of the page. Says which are.
    """
    asked = _asked(form)
    wrong: dict[str, list[str]] = {}
    values: dict[str, list[str]] = {}
    for name, value in given.items():
        if name not in asked:
            text = f"{quoted(name)} is not asked." + did_you_mean(name, asked)
            wrong[name] = [text]
            continue
        try:
            values[name] = _sent(asked[name], value)
        except ValueError as error:
            wrong[name] = [str(error)]
    if wrong:
        raise ToolFailed(
            "Some answers cannot be taken. Nothing was changed.",
            code="invalid_values",
            fields=wrong,
            allowed=asked,
        )
    kept = [(name, value) for name, value in form.sent() if name not in values]
    return kept + [(name, one) for name in values for one in values[name]]


def _asked(form: Form) -> dict[str, Control]:
    return {
        control.name: control
        for control in form.controls
        if control.name
        and control.kind not in _NOT_ASKED
        and control.name not in _OF_THE_LIST
        and not is_secret(control.name)
    }


def _is_switch(control: Control) -> bool:
    return control.kind == "checkbox" and not control.several


def _described(control: Control) -> FormField:
    sent = control.sent()
    value: str | bool | list[str] = sent if control.several else "".join(sent[:1])
    choices = [] if _is_switch(control) else control.options
    return FormField(
        name=control.name,
        type=control.kind,
        label=_short(control.label),
        required=control.required,
        several=control.several,
        choices=[
            Choice(value=one.value or "", label=_short(one.label))
            for one in choices[:MAX_CHOICES]
        ],
        more_choices=len(choices) > MAX_CHOICES,
        value=bool(sent) if _is_switch(control) else value,
    )


def _short(words: str) -> str:
    return text(words, limit=SHORT_TEXT_CHARACTERS)


def _sent(control: Control, value: Any) -> list[str]:
    """Return what is sent for one answer.

    Raises:
        ValueError: it does not fit. Holds what to give.
    """
    if _is_switch(control):
        if not isinstance(value, bool):
            raise ValueError(NEEDS_BOOLEAN)
        return [control.options[0].value or ""] if value else []
    if isinstance(value, list) and not control.several:
        raise ValueError(NEEDS_ONE)
    given = value if isinstance(value, list) else [value]
    sent = [_text_of(one) for one in given if one is not None]
    if control.options and not {one.value for one in control.options}.issuperset(sent):
        raise ValueError(NO_CHOICE)
    return sent or ([] if control.options else [""])


def _text_of(value: Any) -> str:
    if isinstance(value, (bool, list, dict)):
        raise ValueError(NEEDS_TEXT)  # noqa: TRY004  # it is told, not raised on
    return str(value)
