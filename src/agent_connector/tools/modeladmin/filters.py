"""The filters that a list offers, as arguments that an agent can copy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec
from django.contrib.admin import SimpleListFilter

from agent_connector.tools.modeladmin.sealed import date_parameters

if TYPE_CHECKING:
    from django.contrib.admin import ListFilter
    from django.contrib.admin.views.main import ChangeList

MAX_CHOICES = 50


class FilterChoice(msgspec.Struct, frozen=True):
    """One entry of a filter: what to pass as `filters` for it."""

    label: str
    filters: dict[str, str]


class Filter(msgspec.Struct, frozen=True, omit_defaults=True):
    """One filter of the list. Without choices: any value of the right kind."""

    label: str
    parameters: list[str]
    choices: list[FilterChoice] = []
    more_choices: bool = False


def described_filters(changelist: ChangeList) -> list[Filter]:
    """Return what an agent is told of the filters and the date navigation."""
    filters = [_described(spec, changelist) for spec in changelist.filter_specs]
    dates = date_parameters(changelist.date_hierarchy)
    if dates:
        filters.append(
            Filter(label=f"{changelist.date_hierarchy} (numbers)", parameters=dates)
        )
    return filters


def offered_parameters(changelist: ChangeList) -> list[str]:
    """Return every name that `filters` may hold."""
    return [
        name
        for described in described_filters(changelist)
        for name in described.parameters
    ]


def unoffered_value(
    changelist: ChangeList, given: dict[str, list[str]]
) -> Filter | None:
    """Return the filter whose value is none of its choices, or None.

    A filter written by the site decides itself what an unknown value means, and most
    then show everything: to an agent that would look like an answer.
    """
    for spec in changelist.filter_specs:
        if not isinstance(spec, SimpleListFilter):
            continue
        values = given.get(str(spec.parameter_name), [])
        allowed = {str(choice) for choice, _label in spec.lookup_choices}
        if not allowed.issuperset(values):
            return _described(spec, changelist)
    return None


def _described(spec: ListFilter, changelist: ChangeList) -> Filter:
    names = [str(name) for name in spec.expected_parameters() if name]
    choices = []
    for entry in spec.choices(changelist):
        query = dict(parse_qsl(str(entry.get("query_string", "")).lstrip("?")))
        filters = {name: query[name] for name in names if name in query}
        if filters:
            choices.append(
                FilterChoice(label=str(entry.get("display", "")), filters=filters)
            )
        if len(choices) > MAX_CHOICES:
            break
    return Filter(
        label=str(spec.title),
        parameters=names,
        choices=choices[:MAX_CHOICES],
        more_choices=len(choices) > MAX_CHOICES,
    )
