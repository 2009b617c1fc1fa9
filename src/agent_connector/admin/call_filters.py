"""The filters of Tool Calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.filters import DateRangeFilter
from agent_connector.admin.list_filters import ChoiceFilter, TextFilter
from agent_connector.admin.people import users_called
from agent_connector.models import Connection, ToolCall
from agent_connector.policy.administration import may_view_users
from agent_connector.tools.registry import all_tools

FEW = 100
"""Up to so many users are named in the statement; more are looked up by it."""


def called_by(words: str, request: HttpRequest) -> Q:
    """Return the calls of whoever is called so, as far as the viewer may know.

    The users are found first: their table is small, and an index leads to their calls.
    """
    on_record = Q(user_name__icontains=words)
    if not may_view_users(request.user).allowed:
        return on_record
    users = users_called(words).values_list("pk", flat=True)
    few = list(users[: FEW + 1])
    of_users = Q(user__in=few if len(few) <= FEW else users)
    of_gone = Q(user=None) & on_record
    return _or_gone(of_users, of_gone)


def called_itself(words: str) -> Q:
    """Return the calls of clients in whose names the words occur, in any case.

    Each call has its connection's, so that few rows tell which names there are.
    """
    on_record = Q(client_name__icontains=words)
    own = Case(When(client_name="", then=F("label")), default=F("client_name"))
    named = Connection.objects.annotate(own=own).filter(own__icontains=words)
    few = list(named.order_by().values_list("own", flat=True).distinct()[: FEW + 1])
    if len(few) > FEW:
        return on_record
    of_gone = Q(connection=None) & on_record
    return _or_gone(Q(client_name__in=few), of_gone)


def _or_gone(of_known: Q, of_gone: Q) -> Q:
    """Add what is on record of somebody who is gone, only where there is such a thing.

    Without an "or" the calls of one come sorted by the index.
    """
    return of_known | of_gone if ToolCall.objects.filter(of_gone).exists() else of_known


class UserFilter(TextFilter):
    title = _("User")
    parameter_name = "user"
    field_path = "user_name"
    hint = _("Name or e-mail")
    is_further = True

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        return queryset.filter(called_by(self.value, request)) if self.value else None


class ClientFilter(TextFilter):
    title = _("Client")
    parameter_name = "client"
    field_path = "client_name"
    hint = _("Name")
    is_further = True

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        del request
        return queryset.filter(called_itself(self.value)) if self.value else None


class ToolFilter(ChoiceFilter):
    title = _("Tool")
    parameter_name = "tool"
    field_path = "tool"

    def values(self) -> Mapping[str, str | Promise]:
        return {tool.name: tool.name for tool in all_tools()}


class ModelFilter(TextFilter):
    """Exactly one model: the beginning of an index, with the object after it.

    The page lists the models of today; the record may hold others, by the address.
    """

    kind = "model"
    title = _("Model")
    parameter_name = "model"
    field_path = "model"
    lookup = "exact"

    def read(self, given: str) -> str:
        return super().read(given).lower()


class ObjectFilter(TextFilter):
    title = _("Object")
    parameter_name = "object"
    field_path = "object_id"
    hint = _("Object ID")
    is_further = True
    lookup = "exact"


class OutcomeFilter(ChoiceFilter):
    title = _("Outcome")
    parameter_name = "outcome"
    field_path = "outcome"

    def values(self) -> Mapping[str, str | Promise]:
        return {value: label for value, label in ToolCall.Outcome.choices}  # noqa: C416  # labels are lazy


class TimeFilter(DateRangeFilter):
    title = _("Time")
    parameter_name = "at"
    field_path = "at"


FILTERS = (
    ToolFilter,
    ModelFilter,
    OutcomeFilter,
    TimeFilter,
    UserFilter,
    ClientFilter,
    ObjectFilter,
)
"""What the search does not find comes first; the others narrow it to one column."""
