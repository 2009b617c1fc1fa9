"""Changes of one record, typed into its page and sent to the tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.db import models

from agent_connector.tools.definition import ToolFailed
from tests.callers import call
from tests.fidelity.hand import sent_by, spoken, type_values
from tests.fidelity.look_up import look_up
from tests.fidelity.outcome import Outcome, accepted, refused
from tests.fidelity.page import Controls, controls_in
from tests.fidelity.people import Person
from tests.fidelity.rows import add_row, rows_on, tick_deleted, type_cells
from tests.fidelity.sets import admin_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Some fields of a record, all at once."""

    model: type[models.Model]
    key: Any
    values: dict[str, Any]

    def in_admin(self, person: Person) -> Outcome:
        return submit(
            person,
            admin_url(self.model, "change", quote(self.key)),
            self.model,
            self.values,
        )

    def by_agent(self, person: Person) -> Outcome:
        return told(
            person,
            "update_record",
            model=self.model._meta.label_lower,
            id=str(self.key),
            values={name: spoken(value) for name, value in self.values.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """A new record."""

    model: type[models.Model]
    values: dict[str, Any]

    def in_admin(self, person: Person) -> Outcome:
        return submit(person, admin_url(self.model, "add"), self.model, self.values)

    def by_agent(self, person: Person) -> Outcome:
        return told(
            person,
            "create_record",
            model=self.model._meta.label_lower,
            values={name: spoken(value) for name, value in self.values.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRows:
    """Rows on the page of a record: new ones, changed ones, deleted ones."""

    model: type[models.Model]
    key: Any
    prefix: str
    add: list[dict[str, Any]]
    change: dict[str, dict[str, Any]]
    delete: list[str]

    def in_admin(self, person: Person) -> Outcome:
        url = admin_url(self.model, "change", quote(self.key))
        return submit(person, url, self.model, {}, rows=self)

    def by_agent(self, person: Person) -> Outcome:
        record = {"model": self.model._meta.label_lower, "id": str(self.key)}
        try:
            version = call(person.caller, "get_record", **record)["version"]
        except ToolFailed as failure:
            return refused(failure.message)
        return told(
            person,
            "update_record",
            **record,
            expected_version=version,
            inlines={
                self.prefix: {
                    "add": [_spoken_row(row) for row in self.add],
                    "change": [
                        {"id": key, "values": _spoken_row(row)}
                        for key, row in self.change.items()
                    ],
                    "delete": self.delete,
                }
            },
        )

    def type_rows(self, controls: Controls) -> str:
        """Fill the rows in; return what stands in the way, if anything does."""
        stored = rows_on(controls, self.prefix)
        named = [*self.change, *self.delete]
        if f"{self.prefix}-TOTAL_FORMS" not in controls:
            return "no such rows"
        if not set(named) <= set(stored) or len(set(named)) < len(named):
            return "no such row"
        cells = {stored[key]: row for key, row in self.change.items()}
        for new in self.add:
            number = add_row(controls, self.prefix, taken=[*stored.values(), *cells])
            if number is None:
                return "no room"
            cells[number] = new
        return type_cells(controls, self.prefix, cells) or tick_deleted(
            controls, self.prefix, [stored[key] for key in self.delete]
        )


def _spoken_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: spoken(value) for name, value in row.items()}


def submit(
    person: Person,
    url: str,
    model: type[models.Model],
    values: dict[str, Any],
    rows: EditRows | None = None,
) -> Outcome:
    """Open the page, fill it in, press Save; refused where that cannot be done."""
    page = person.browser.get(url)
    if page.status_code != 200:
        return refused(f"page {page.status_code}")
    controls = controls_in(page.text, form_id=f"{model._meta.model_name}_form")
    look_up(person.browser, controls)
    obstacle = type_values(controls, values)
    if not obstacle and rows is not None:
        obstacle = rows.type_rows(controls)
    if obstacle:
        return refused(obstacle)
    answer = person.browser.post(url, {**sent_by(controls), "_save": "Save"})
    errors = answer.context["errors"] if answer.status_code == 200 else ""
    return Outcome(answer.status_code == 302, why=str(errors or answer.status_code))


def told(person: Person, tool: str, **arguments: Any) -> Outcome:
    """Call the tool and say whether it did it."""
    try:
        call(person.caller, tool, **arguments)
    except ToolFailed as failure:
        return refused(f"{failure.message} {failure.fields}")
    return accepted()
