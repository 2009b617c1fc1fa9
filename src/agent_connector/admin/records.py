"""What our lists beside MCP Users have in common: they are read, and grant nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.forms import Media
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agent_connector.admin.capped import MOST_ROWS, CappedPaginator
from agent_connector.admin.filters import DateRangeFilter, FilteredChangeList
from agent_connector.admin.page import Text
from agent_connector.admin.people import require
from agent_connector.policy.rules import Verdict

STYLES = ("agent_connector/agent_connector.css", "agent_connector/records.css")


def parameters_of(filters: Iterable[Any]) -> frozenset[str]:
    """Return the names in the query string that these filters take."""
    names: set[str] = set()
    for one in filters:
        name = one.parameter_name
        is_range = issubclass(one, DateRangeFilter)
        names |= {f"{name}_from", f"{name}_to"} if is_range else {name}
    return frozenset(names)


def labelled(label: Text, value: object) -> SafeString:
    """Return a cell that says what it is where the table has no header: on phones."""
    return format_html(
        '<span class="aac-cell-label">{}</span> <span>{}</span>', label, value
    )


class RecordsChangeList(FilteredChangeList):
    """Looks for no rows where it has counted none: that would read the whole table."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.result_count:
            self.result_list = self.queryset.none()


class RecordsAdmin(admin.ModelAdmin):
    """A list with its filters above it, whose rows are not edited as objects.

    Which viewers see it is one rule of the policy, `may_view`.
    """

    actions = None
    change_list_template = "agent_connector/admin/records.html"
    list_display_links = None
    list_max_show_all = 200
    list_per_page = 50
    paginator = CappedPaginator
    show_facets = ShowFacets.NEVER
    show_full_result_count = False

    words: ClassVar[dict[str, Any]] = {}
    """What the page says: `search_hint`; `nothing` and `show_all`, or `none_yet` and its hint."""

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": list(STYLES)})

    def may_view(self, request: HttpRequest) -> Verdict:
        raise NotImplementedError

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_view(request).allowed

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return self.may_view(request).allowed

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def lookup_allowed(
        self, lookup: str, value: str, request: HttpRequest | None = None
    ) -> bool:
        """Allow our filters only: no way through the query string to other columns."""
        del value, request
        return lookup in parameters_of(self.list_filter)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        del request, options
        return RecordsChangeList

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Leave it to the columns: those with an order can be sorted by."""
        del request

    @method_decorator(require_safe)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        require(self.may_view(request))
        context = {
            "title": self.opts.verbose_name_plural,
            "most_rows": MOST_ROWS,
            **self.words,
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})
