"""Filters of our lists besides dates: one choice of a few, and a piece of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.admin import ListFilter, ModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_CHARACTERS = 200
"""No value of a column that is filtered is longer."""


class _OneParameter(ListFilter):
    """A filter of the column `field_path`, by the one parameter `parameter_name`."""

    title = _("Filter")
    parameter_name = ""
    field_path = ""
    is_further = False
    """Whether few need it, so that it stands behind More; such filters come last."""

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[Model],
        model_admin: ModelAdmin,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        given = params.pop(self.parameter_name, [""])[-1]
        self.value = self.read(given)

    def read(self, given: str) -> str:
        """Return what is filtered by; "" for nothing."""
        return given.strip().replace("\x00", "")[:MAX_CHARACTERS]

    @property
    def is_in_use(self) -> bool:
        return bool(self.value)

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name]


class TextFilter(_OneParameter):
    """Rows whose column holds the text, in any case."""

    lookup = "icontains"
    kind = "text"
    hint: str | Promise = ""
    """What to type, shown while nothing is typed."""

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        del request
        if not self.value:
            return None
        return queryset.filter(**{f"{self.field_path}__{self.lookup}": self.value})

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Yield a way back for themes that list choices; the input is our form's."""
        yield {
            "selected": not self.value,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("All"),
        }


class ChoiceFilter(_OneParameter):
    """Rows whose column has the one chosen value; an unknown one chooses nothing."""

    kind = "choice"

    def values(self) -> Mapping[str, str | Promise]:
        """Return each value that can be chosen, and its name."""
        raise NotImplementedError

    def read(self, given: str) -> str:
        return given if given in self.values() else ""

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        del request
        if not self.value:
            return None
        return queryset.filter(**{self.field_path: self.value})

    @property
    def options(self) -> list[dict[str, Any]]:
        """Return the options of our form's dropdown."""
        return [
            {"value": value, "label": label, "selected": self.value == value}
            for value, label in {"": _("All"), **self.values()}.items()
        ]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Yield the options as links, for themes that list them."""
        for option in self.options:
            value = {self.parameter_name: option["value"] or None}
            yield {
                "selected": option["selected"],
                "query_string": changelist.get_query_string(value),
                "display": option["label"],
            }
