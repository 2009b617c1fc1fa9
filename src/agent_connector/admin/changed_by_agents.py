"""A list filter for the host's own ModelAdmins: what agents have changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db import connections, router
from django.db.models import (
    CharField,
    Exists,
    Expression,
    Model,
    OuterRef,
    QuerySet,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Concat, Substr
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agent_connector.models import ChangedRecord

RECENT = timedelta(days=7)


class ChangedByAgents(SimpleListFilter):
    """Put it into `list_filter`. It says what the record of tool calls still holds."""

    title = _("Changed by agents")
    parameter_name = "changed_by_agents"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, Any]]:
        del request
        if router.db_for_read(model_admin.model) != router.db_for_read(ChangedRecord):
            return []  # no statement reaches both databases: the filter is not shown
        return [("yes", _("Yes")), ("week", _("Within 7 days")), ("no", _("No"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> QuerySet[Any] | None:
        del request
        match self.value():
            case "yes":
                return queryset.filter(Exists(changes_to(queryset)))
            case "week":
                recent = changes_to(queryset).filter(at__gte=timezone.now() - RECENT)
                return queryset.filter(Exists(recent))
            case "no":
                return queryset.filter(~Exists(changes_to(queryset)))
            case _:
                return None


def changes_to(records: QuerySet[Any]) -> QuerySet[ChangedRecord]:
    """Return the changes to each row of `records`, to be asked for by `Exists`.

    An index leads from a row to its changes, by the text of its key.
    """
    model = records.model
    same = [
        one._meta.label_lower for one in apps.get_models() if _has_keys_of(one, model)
    ]
    return ChangedRecord.objects.filter(
        model__in=same, object_id=_text_of_key(model, using=records.db)
    )


def _has_keys_of(one: type[Model], other: type[Model]) -> bool:
    """Say whether a key means the same record: so with proxies, parents and children."""
    return _owner_of_key(one) is _owner_of_key(other)


def _owner_of_key(model: type[Model]) -> type[Model]:
    concrete: Any = model._meta.concrete_model
    link = concrete._meta.pk.remote_field
    return _owner_of_key(link.model) if link and link.parent_link else concrete


def _text_of_key(model: type[Model], *, using: str) -> Expression:
    """Return the key as `str` writes it."""
    text = Cast(OuterRef("pk"), CharField())
    is_uuid = isinstance(_stored_key(model), UUIDField)
    if not is_uuid or connections[using].features.has_native_uuid_field:
        return text
    groups = [Substr(text, start, length) for start, length in _UUID_GROUPS]
    hyphenated = [part for group in groups for part in (Value("-"), group)]
    return Concat(*hyphenated[1:], output_field=CharField())


_UUID_GROUPS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
"""Where the groups of a UUID begin in its 32 digits, and how long they are."""


def _stored_key(model: type[Model]) -> Any:
    key: Any = model._meta.pk
    while key.remote_field:
        key = key.target_field
    return key
