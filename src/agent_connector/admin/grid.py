"""The rows of the MCP Users grid: one page of users with their clients."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, OrderBy, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from agent_connector.admin.clients import NOBODYS, clients_of
from agent_connector.admin.filters import FilteredChangeList

SEARCHED = ("first_name", "last_name", "full_name", "name")
"""Names that a user model may have, beside its sign-in name and e-mail."""

EMPTY_LAST = frozenset({"mcp_access__added_at", "mcp_access__last_used_at"})


def search_fields() -> list[str]:
    """Return what the text search looks at, as far as the user model has it."""
    model = get_user_model()
    meta = model._meta
    texts = {
        field.name for field in meta.concrete_fields if isinstance(field, CharField)
    }
    wanted = (model.USERNAME_FIELD, model.get_email_field_name(), *SEARCHED)
    return [name for name in dict.fromkeys(wanted) if name in texts]


class KeyedPaginator(Paginator):
    """Sorts keys instead of whole rows: half the time where no index gives the order."""

    def page(self, number: int | str) -> Page[Any]:
        """Return the page, of which one statement finds the keys and then the rows."""
        at = self.validate_number(number)
        rows: Any = self.object_list
        begin = (at - 1) * self.per_page
        keys = rows.select_related(None).values("pk")[begin : begin + self.per_page]
        return Page(rows.filter(pk__in=keys), at, self)


class MCPUserChangeList(FilteredChangeList):
    """Adds the clients of the users on the page, in one statement for all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        users = list(self.result_list)
        self.now = timezone.now()
        found = clients_of([user.pk for user in users], now=self.now)
        for user in users:
            user.clients = found.get(user.pk, NOBODYS)
        self.result_list = users

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Return the order, dashes always last: databases disagree on that."""
        ordering = super().get_ordering(request, queryset)
        return [_empty_last(part) for part in ordering]


def _empty_last(part: Any) -> Any:
    if not isinstance(part, str) or part.lstrip("-") not in EMPTY_LAST:
        return part
    return OrderBy(
        F(part.lstrip("-")), descending=part.startswith("-"), nulls_last=True
    )
