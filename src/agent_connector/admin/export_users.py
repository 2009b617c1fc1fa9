"""The MCP Users grid as CSV: every user that its filters leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from agent_connector.admin.clients import NOBODYS, Clients, clients_of
from agent_connector.admin.export import csv_response, filtered_rows, utc_text
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import name_of

CHUNK = 500
HEADER = (
    *("user", "sign_in_name", "access_status", "connected_clients"),
    *("active_tokens", "inactive_tokens", "added_to_mcp_utc", "last_used_utc"),
)


def export_users(
    model_admin: ModelAdmin, request: HttpRequest
) -> StreamingHttpResponse:
    """Send what the grid shows, all pages of it, in the grid's order."""
    users, now = filtered_rows(model_admin, request), timezone.now()
    return csv_response("mcp-users", HEADER, _rows(users, now), now=now)


def _rows(users: QuerySet[Any], now: datetime) -> Iterator[tuple[object, ...]]:
    """Yield the rows, at the cost of one statement for every `CHUNK` of them."""
    found = users.select_related("mcp_access").iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        clients = clients_of([user.pk for user in chunk], now=now)
        for user in chunk:
            yield _row_of(user, clients.get(user.pk, NOBODYS))


def _row_of(user: Any, clients: Clients) -> tuple[object, ...]:
    access = access_of(user)
    is_enabled = access is not None and access.enabled
    connected = [str(group.name) for group in clients.groups if group.is_active]
    return (
        *(name_of(user), user.get_username()),
        "enabled" if is_enabled else "disabled",
        *(", ".join(connected), clients.active_tokens, clients.inactive_tokens),
        utc_text(access.added_at if access else None),
        utc_text(access.last_used_at if access else None),
    )
