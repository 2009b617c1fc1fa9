"""Deletions and actions, pressed on the list and run with their confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote
from django.db import models

from agent_connector.tools.definition import ToolFailed
from tests.callers import call
from tests.fidelity.hand import sent_by, type_values
from tests.fidelity.outcome import Outcome, accepted, refused
from tests.fidelity.page import Controls, controls_in
from tests.fidelity.people import Person
from tests.fidelity.sets import admin_url

LIST_FORM = "changelist-form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """One record from its page, or several from the list."""

    model: type[models.Model]
    keys: list[Any]

    def in_admin(self, person: Person) -> Outcome:
        if len(self.keys) > 1:
            return press(person, self.model, self.keys, "delete_selected", {})
        url = admin_url(self.model, "delete", quote(self.keys[0]))
        # One comes there from the record's page.
        for address in (admin_url(self.model, "change", quote(self.keys[0])), url):
            page = person.browser.get(address)
            if page.status_code != 200:
                return refused(str(page.status_code))
        answer = person.browser.post(url, {"post": "yes"})
        return accepted() if answer.status_code == 302 else refused("stays")

    def by_agent(self, person: Person) -> Outcome:
        asked = {
            "model": self.model._meta.label_lower,
            "ids": [str(key) for key in self.keys],
        }
        try:
            preview = call(person.caller, "preview_change", kind="delete", **asked)
            if "confirm" not in preview:
                return refused(str(preview))
            call(person.caller, "delete_records", **asked, confirm=preview["confirm"])
        except ToolFailed as failure:
            return refused(failure.message)
        return accepted()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAction:
    """An action of the list, with the form that it may ask for."""

    model: type[models.Model]
    keys: list[Any]
    action: str
    form: dict[str, Any]

    def in_admin(self, person: Person) -> Outcome:
        return press(person, self.model, self.keys, self.action, self.form)

    def by_agent(self, person: Person) -> Outcome:
        asked: dict[str, Any] = {
            "model": self.model._meta.label_lower,
            "action": self.action,
            "ids": [str(key) for key in self.keys],
        }
        try:
            preview = call(person.caller, "preview_change", kind="action", **asked)
            asked["confirm"] = preview.get("confirm", "")
            answer = call(person.caller, "run_action", **asked)
            if "asks" in answer:
                asked |= {"confirm": answer["confirm"], "form": self.form}
                answer = call(person.caller, "run_action", **asked)
        except ToolFailed as failure:
            return refused(f"{failure.message} {failure.fields}")
        if "asks" in answer:
            return refused("asks again")
        return accepted(answer.get("messages", []))


def press(
    person: Person,
    model: type[models.Model],
    keys: list[Any],
    action: str,
    form: dict[str, Any],
) -> Outcome:
    """Tick the rows, choose the action, press Go, and fill in what it asks."""
    url = admin_url(model, "changelist")
    page = person.browser.get(url)
    if page.status_code != 200:
        return refused(str(page.status_code))
    controls = controls_in(page.text, form_id=LIST_FORM)
    boxes, menu = controls.get(ACTION_CHECKBOX_NAME), controls.get("action")
    wanted = [str(key) for key in keys]
    if menu is None or action not in menu.options:
        return refused("no such action")
    if boxes is None or not set(wanted) <= {*boxes.options}:
        return refused("no such row")
    boxes.sent, menu.sent = wanted, [action]
    answer = person.browser.post(url, sent_by(_of_the_menu(controls)))
    if answer.status_code == 200:
        further = _sent_further(answer, form)
        answer = person.browser.post(url, further) if further else answer
    if answer.status_code != 302:
        return refused("stays")
    said = person.browser.get(url).context["messages"]
    shown = [str(message) for message in said]
    return accepted(None if action == "delete_selected" else shown)


def _sent_further(page: Any, form: dict[str, Any]) -> dict[str, list[str]]:
    """Return what the page in between sends; nothing where it cannot be filled in."""
    if page.context.get("perms_lacking") or page.context.get("protected"):
        return {}
    asked = controls_in(page.text, form_id="")
    return {} if type_values(asked, form) else sent_by(asked)


def _of_the_menu(controls: Controls) -> Controls:
    """Return what belongs to the menu; the list may be editable, too."""
    names = {ACTION_CHECKBOX_NAME, "action", "select_across", "csrfmiddlewaretoken"}
    return {name: one for name, one in controls.items() if name in names}
