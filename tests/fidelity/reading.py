"""Lists and records: who sees which, and what of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.admin.utils import quote
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime

from agent_connector.tools.definition import ToolFailed
from tests.callers import call
from tests.fidelity.hand import Json, can_choose, can_type, sent_by, type_into
from tests.fidelity.outcome import Outcome, accepted, refused
from tests.fidelity.page import Control, controls_in
from tests.fidelity.people import Person
from tests.fidelity.sets import admin_url

_PART = re.compile(r"_(?:0|1|year|month|day)\Z")
"""What a field with several inputs adds to its name."""

FORBIDDEN = (
    "customer__email__startswith",
    "order__customer__email__contains",
    "nothing",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The list, asked with words, one of its own filters, and a sorting."""

    model: type[models.Model]
    words: str
    pick: int
    """Which filter and which choice of it, and which column to sort by."""

    forbidden: str

    def in_admin(self, person: Person) -> Outcome:
        url = admin_url(self.model, "changelist")
        if self.forbidden:
            page = person.browser.get(url, {self.forbidden: "a"})
            return (
                accepted()
                if page.status_code == 200
                else refused(str(page.status_code))
            )
        page = person.browser.get(url)
        if page.status_code != 200:
            return refused(str(page.status_code))
        query = {"q": self.words} if page.context["cl"].search_fields else {}
        filters, ordering = self._chosen(page.context["cl"])
        page = person.browser.get(url, {**query, **filters, **_order_of(ordering)})
        changelist = page.context["cl"]
        rows = [str(record.pk) for record in changelist.result_list]
        return accepted((changelist.result_count, rows, _columns(changelist)))

    def by_agent(self, person: Person) -> Outcome:
        asked: dict[str, Any] = {"model": self.model._meta.label_lower}
        if self.forbidden:
            return _answered(
                person, "search_records", **asked, filters={self.forbidden: "a"}
            )
        page = person.browser.get(admin_url(self.model, "changelist"))
        if page.status_code == 200:
            changelist = page.context["cl"]
            filters, ordering = self._chosen(changelist)
            asked["query"] = self.words if changelist.search_fields else ""
            asked |= {"filters": filters, "limit": changelist.list_per_page}
            asked["ordering"] = [ordering[0]] if ordering else []
        try:
            answer = call(person.caller, "search_records", **asked)
        except ToolFailed as failure:
            return refused(failure.message)
        rows = [row["id"] for row in answer["rows"]]
        names = sorted(answer["rows"][0]["values"]) if rows else None
        expected = None if not rows else names
        return accepted((answer["total"], rows, expected))

    def _chosen(self, changelist: Any) -> tuple[dict[str, str], tuple[str, int] | None]:
        """Return the parameters of a choice, and a column with its number."""
        rng = Random(self.pick)
        filters: dict[str, str] = {}
        if changelist.filter_specs and rng.random() < 0.7:
            spec = rng.choice(changelist.filter_specs)
            names = {str(name) for name in spec.expected_parameters()}
            links = [
                dict(parse_qsl(one["query_string"].lstrip("?")))
                for one in spec.choices(changelist)
            ]
            filters = {k: v for k, v in rng.choice(links).items() if k in names}
        sortable = [
            (name, number)
            for number, name in enumerate(changelist.list_display)
            if isinstance(name, str)
            and name != "action_checkbox"
            and changelist.get_ordering_field(name)
        ]
        return filters, rng.choice(
            sortable
        ) if sortable and rng.random() < 0.6 else None


def _order_of(ordering: tuple[str, int] | None) -> dict[str, str]:
    return {"o": str(ordering[1])} if ordering else {}


def _columns(changelist: Any) -> list[str] | None:
    names = [str(name) for name in changelist.list_display if name != "action_checkbox"]
    return (
        sorted(name for name in names if name != "__str__")
        if changelist.result_list
        else None
    )


def _answered(person: Person, tool: str, **asked: Any) -> Outcome:
    try:
        call(person.caller, tool, **asked)
    except ToolFailed as failure:
        return refused(failure.message)
    return accepted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One record: the fields of its page, those that can be changed with their value."""

    model: type[models.Model]
    key: Any
    withheld: frozenset[str]

    def in_admin(self, person: Person) -> Outcome:
        page = person.browser.get(admin_url(self.model, "change", quote(self.key)))
        if page.status_code != 200:
            return refused(str(page.status_code))
        names, locked = _fields_on(page.context["adminform"], self.withheld)
        controls = controls_in(page.text, form_id=f"{self.model._meta.model_name}_form")
        typed = {
            name: values
            for name, values in sent_by(controls).items()
            if _PART.sub("", name) in names
        }
        inlines = {
            str(one.formset.prefix): one.formset.initial_form_count()
            for one in page.context["inline_admin_formsets"]
            if one.has_view_permission or one.has_change_permission
        }
        return accepted((names, locked, typed, inlines))

    def by_agent(self, person: Person) -> Outcome:
        label = self.model._meta.label_lower
        try:
            answer = call(person.caller, "get_record", model=label, id=str(self.key))
        except ToolFailed as failure:
            return refused(failure.message)
        values, locked = answer["values"], sorted(answer.get("read_only", []))
        inlines = {
            name: rows["total"] for name, rows in answer.get("inlines", {}).items()
        }
        page = person.browser.get(admin_url(self.model, "change", quote(self.key)))
        typed: dict[str, Any] = {}
        if page.status_code == 200:
            controls = controls_in(
                page.text, form_id=f"{self.model._meta.model_name}_form"
            )
            typed = _typed_again(controls, values, self.model)
        return accepted((sorted(values), locked, typed, inlines))


def _fields_on(adminform: Any, withheld: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the names that the page shows, and those of them that are not controls."""
    names, locked = [], []
    for fieldset in adminform:
        for line in fieldset:
            for field in line:
                name = field.field["name"] if field.is_readonly else field.field.name
                names.append(str(name))
                locked += [str(name)] if field.is_readonly else []
    return sorted({*names} - withheld), sorted({*locked} - withheld)


def _typed_again(
    controls: Any, values: dict[str, Any], model: type[models.Model]
) -> dict[str, Any]:
    """Return what the page's form holds once the agent's values were typed into it."""
    names = set()
    for name, value in values.items():
        if can_type(controls, name) and not _is_out_of_choice(controls.get(name)):
            meant = _meant(value, model._meta.get_field(name))
            names.add(name)
            if can_choose(controls, name, meant):
                type_into(controls, name, meant)
    return {
        name: sent
        for name, sent in sent_by(controls).items()
        if _PART.sub("", name) in names
    }


def _is_out_of_choice(control: Control | None) -> bool:
    """Say whether the page shows nothing, or what is stored is no choice any more."""
    if control is None or control.kind == "text" or not control.look_up:
        return False
    return not any(control.sent)


def _meant(value: Any, field: Any) -> Any:
    """Return the value that the agent was shown, as a person would think of it."""
    if isinstance(field, models.JSONField):
        return Json(value)
    match value:
        case {"id": key} | {"value": key}:
            return key
        case [{"id": _}, *_]:
            return [item["id"] for item in value]
        case str() if isinstance(field, models.DateTimeField):
            return parse_datetime(value)
        case str() if isinstance(field, models.DateField):
            return parse_date(value)
        case _:
            return value
