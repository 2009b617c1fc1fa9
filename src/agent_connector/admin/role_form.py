"""The form of a role's limits: which tools, which models, and whether only to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.admin import AdminSite
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.settings_fields import CountField
from agent_connector.conf import get_conf
from agent_connector.models import RolePolicy
from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.policy.settings import read_settings
from agent_connector.tools.modeladmin.find import is_open_model
from agent_connector.tools.registry import all_tools

RISKS = {
    Scope.READ: _("Read"),
    Scope.WRITE: _("Change"),
    Scope.DELETE: _("Delete and act"),
}
GONE = _("no longer known")
Labels = dict[str, str | Promise]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One checkbox: a tool or a model."""

    name: str
    label: str | Promise
    is_ticked: bool


class RolePolicyForm(forms.Form):
    """Nothing ticked in a list means that the role does not limit it."""

    read_only = forms.BooleanField(
        required=False,
        label=_("Read only"),
        help_text=_("Agents of this role's users get no tool that changes anything."),
    )
    rows_per_call = CountField(
        required=False,
        unit_name=_("rows"),
        min_value=1,
        max_value=10_000,
        label=_("Rows per call"),
        help_text=_("How many records one call may return. Empty: as the site says."),
    )
    calls_per_minute = CountField(
        required=False,
        unit_name=_("calls"),
        min_value=1,
        max_value=100_000,
        label=_("Calls per minute"),
        help_text=_(
            "How many tools one client may call in a minute. Empty: as the site says."
        ),
    )
    tools = forms.MultipleChoiceField(required=False)
    models = forms.MultipleChoiceField(required=False)

    def __init__(
        self, data: Any = None, *, policy: RolePolicy, site: AdminSite
    ) -> None:
        stored = {
            "read_only": policy.read_only,
            "rows_per_call": policy.rows_per_call,
            "calls_per_minute": policy.calls_per_minute,
            "tools": policy.allowed_tools,
            "models": policy.allowed_models,
        }
        super().__init__(data, initial=stored)
        self._tools: Labels = {tool.name: tool.title for tool in all_tools()}
        self._models: Labels = dict(_known_models(site))
        # What is no longer there stays ticked: without it, "only this" would turn
        # into "all" the next time that somebody saves.
        self._tools |= _missing(policy.allowed_tools, self._tools)
        self._models |= _missing(policy.allowed_models, self._models)
        self._choices("tools").choices = list(self._tools.items())
        self._choices("models").choices = list(self._models.items())
        for name, value in _of_the_site().items():
            self.fields[name].widget.attrs["placeholder"] = value

    @property
    def numbers(self) -> list[BoundField]:
        return [self["rows_per_call"], self["calls_per_minute"]]

    @property
    def tool_groups(self) -> list[tuple[str | Promise, list[Box]]]:
        """The tools by what they can do, with those that are gone at the end."""
        groups = [
            (title, [one.name for one in all_tools() if one.needs == scope])
            for scope, title in RISKS.items()
        ]
        shown = {name for _title, names in groups for name in names}
        groups.append((GONE, [name for name in self._tools if name not in shown]))
        return [
            (title, self._boxes("tools", self._tools, names))
            for title, names in groups
            if names
        ]

    @property
    def model_boxes(self) -> list[Box]:
        return self._boxes("models", self._models, self._models)

    def _boxes(
        self, field: str, labels: dict[str, Any], names: Iterable[str]
    ) -> list[Box]:
        ticked = self[field].value() or []
        return [
            Box(name=name, label=labels[name], is_ticked=name in ticked)
            for name in names
        ]

    def _choices(self, name: str) -> forms.MultipleChoiceField:
        field: Any = self.fields[name]
        choices: forms.MultipleChoiceField = field
        return choices

    def wanted(self) -> dict[str, Any]:
        """Return what the form says, by the policy's own names; lists in one order."""
        clean = self.cleaned_data
        return {
            "allowed_tools": [name for name in self._tools if name in clean["tools"]],
            "allowed_models": sorted(clean["models"]),
            "read_only": clean["read_only"],
            "rows_per_call": clean["rows_per_call"],
            "calls_per_minute": clean["calls_per_minute"],
        }


def _of_the_site() -> dict[str, str | Promise]:
    """Return what counts where a number is left empty."""
    calls = read_settings().calls_per_minute
    return {
        "rows_per_call": str(get_conf().max_rows_per_call),
        "calls_per_minute": str(calls) if calls else _("any number"),
    }


def _missing(names: list[str], known: Labels) -> Labels:
    return dict.fromkeys((name for name in names if name not in known), GONE)


def _known_models(site: AdminSite) -> Iterator[tuple[str, str | Promise]]:
    """Yield the models that agents may know at all, by the names that tools take."""
    labels = {
        label_of(model): capfirst(str(model._meta.verbose_name_plural))
        for model in apps.get_models()
        if site.is_registered(model) and is_open_model(model)
    }
    yield from sorted(labels.items())
