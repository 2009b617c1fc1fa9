"""The grid's filters: a state, and ranges of local days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ListFilter, ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_YEAR, LAST_YEAR = 1900, 9998
"""Years outside are slips of the finger, and their neighbours are no dates."""


class FilteredChangeList(ChangeList):
    """Knows how many of its filters, all of them ours, narrow what is shown."""

    @property
    def filters_in_use(self) -> int:
        specs: list[Any] = self.filter_specs
        return sum(spec.is_in_use for spec in specs)


class AccessStatusFilter(ListFilter):
    """Whether MCP access is enabled; a user without a record is disabled."""

    title = gettext_lazy("Access Status")
    parameter_name = "access"
    STATES = {"enabled": gettext_lazy("Enabled"), "disabled": gettext_lazy("Disabled")}

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[Model],
        model_admin: ModelAdmin,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        given = params.pop(self.parameter_name, [""])[-1]
        self.value = given if given in self.STATES else ""

    @property
    def is_in_use(self) -> bool:
        return bool(self.value)

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        del request
        if not self.value:
            return None
        enabled = Q(mcp_access__enabled=True)
        return queryset.filter(enabled if self.value == "enabled" else ~enabled)

    @property
    def options(self) -> list[dict[str, Any]]:
        """Return the options of our form's dropdown."""
        states = {"": gettext_lazy("All"), **self.STATES}
        return [
            {"value": value, "label": label, "selected": self.value == value}
            for value, label in states.items()
        ]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Yield the options as links, for themes that list them."""
        for option in self.options:
            name, value = self.parameter_name, option["value"]
            query = changelist.get_query_string({name: value or None})
            yield {
                "selected": option["selected"],
                "query_string": query,
                "display": option["label"],
            }


class DateRangeFilter(ListFilter):
    """From a day to a day in the viewer's time zone, both included."""

    title = gettext_lazy("Date")
    parameter_name = ""
    field_path = ""

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[Model],
        model_admin: ModelAdmin,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        given = [params.pop(name, [""])[-1] for name in self.names]
        first, last = (self._day(request, text) for text in given)
        self.first, self.last = first, last

    @property
    def is_in_use(self) -> bool:
        return bool(self.first or self.last)

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [*self.names]

    @property
    def names(self) -> tuple[str, str]:
        return (f"{self.parameter_name}_from", f"{self.parameter_name}_to")

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        del request
        if self.first:
            queryset = queryset.filter(
                **{f"{self.field_path}__gte": _start(self.first)}
            )
        if self.last:
            end = _start(self.last + timedelta(days=1))
            queryset = queryset.filter(**{f"{self.field_path}__lt": end})
        return queryset

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Yield a way back for themes that list choices; the inputs are our form's."""
        yield {
            "selected": not (self.first or self.last),
            "query_string": changelist.get_query_string(remove=self.names),
            "display": _("All"),
        }

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """Return name, label and value of the two inputs."""
        labels = (_("From"), _("To"))
        days = (self.first, self.last)
        return [
            {"name": name, "label": label, "value": day.isoformat() if day else ""}
            for name, label, day in zip(self.names, labels, days, strict=True)
        ]

    def _day(self, request: HttpRequest, text: str) -> date | None:
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        if text:
            messages.error(
                request,
                _("%(filter)s: “%(text)s” is not a date; write 2026-03-31.")
                % {"filter": self.title, "text": text[:40]},
            )
        return None


def _start(day: date) -> datetime:
    """Return local midnight at the start of the day."""
    midnight = datetime.combine(day, time.min)
    return timezone.make_aware(midnight) if settings.USE_TZ else midnight


class AddedFilter(DateRangeFilter):
    title = gettext_lazy("Added to MCP")
    parameter_name = "added"
    field_path = "mcp_access__added_at"


class LastUsedFilter(DateRangeFilter):
    title = gettext_lazy("Last Used")
    parameter_name = "used"
    field_path = "mcp_access__last_used_at"


FILTERS = (AccessStatusFilter, AddedFilter, LastUsedFilter)
PARAMETERS = frozenset(
    {
        "access",
        *(
            f"{name}_{end}"
            for name in (AddedFilter.parameter_name, LastUsedFilter.parameter_name)
            for end in ("from", "to")
        ),
    }
)
"""The only lookups that the query string may hold."""
