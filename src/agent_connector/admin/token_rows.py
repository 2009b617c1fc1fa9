"""The rows of the token table: one connection each, as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Max, Q, Value, When
from django.db.models.functions import Least
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.clients import PERSONAL_NAME, client_name
from agent_connector.models import Connection, Token
from agent_connector.policy.staff import name_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """One connection: the access and refresh pair of a client, or a personal token."""

    public_id: str
    client: str | Promise
    origin: str | Promise
    """What vouches for the client: its verified host, or that a person made it."""

    label: str
    """What somebody noted about it, where that is not the client's name already."""

    status: str
    status_label: str | Promise
    status_note: str | Promise
    may_do: str
    created_at: datetime
    created_from: str | None
    access_expires_at: datetime | None
    """None where it is over or revoked, of a personal token only when revoked."""

    access_note: str | Promise
    sign_in_after: datetime | None
    """None where no sign-in helps: a personal token, and what was revoked."""

    last_used_at: datetime | None
    last_used_from: str | None
    revoked_at: datetime | None
    revoked_by: str
    revoked_reason: str | Promise
    """Why, where the name of who revoked it does not say that already."""

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE

    @property
    def can_be_revoked(self) -> bool:
        """Whether it works, or would work again by itself."""
        return self.status in {ACTIVE, INACTIVE, SUSPENDED}

    @property
    def is_suspended(self) -> bool:
        return self.status == SUSPENDED


ACTIVE = "active"
EXPIRED = "expired"
REVOKED = "revoked"
INACTIVE = "inactive"
SUSPENDED = "suspended"

_LABELS = {
    ACTIVE: _("Active"),
    EXPIRED: _("Expired"),
    REVOKED: _("Revoked"),
    INACTIVE: _("Inactive"),
    SUSPENDED: _("Suspended"),
}
_BY_WHOM: dict[str, Promise] = {
    Connection.RevokedReason.USER: _("by its user"),
    Connection.RevokedReason.ADMIN: _("by an administrator"),
}
_NOTES = {
    INACTIVE: _("Refused for now: its user or its client is locked out."),
    SUSPENDED: _("Too many calls in a row were refused."),
}
_REFRESH_NOTE = _("Refreshes by itself")


def connections_of(user_pk: Any, *, now: datetime) -> QuerySet[Connection, Any]:
    """Return all that ever worked, the active ones first, then the newest first."""
    return connections_where(Q(user=user_pk), now=now)


def connections_where(which: Q, *, now: datetime) -> QuerySet[Connection, Any]:
    """Return the same of other connections than those of one user."""
    active = Connection.objects.active(at=now).filter(which).values("pk")
    access = Q(tokens__kind__in=[Token.Kind.ACCESS, Token.Kind.PERSONAL])
    return (
        Connection.objects.listed()
        .filter(which)
        .select_related("revoked_by")
        .annotate(
            is_active=Case(
                When(pk__in=active, then=Value(value=True)),
                default=Value(value=False),
                output_field=BooleanField(),
            ),
            access_expires_at=Max("tokens__expires_at", filter=access),
            sign_in_after=Least("expires_at", "absolute_expires_at"),
        )
        .order_by("-is_active", "-created_at", "-pk")
    )


def token_rows(connections: Iterable[Any], *, now: datetime) -> list[TokenRow]:
    """Return the rows of connections that `connections_of` found."""
    return [_row_of(connection, now=now) for connection in connections]


def _row_of(connection: Any, *, now: datetime) -> TokenRow:
    status = _status_of(connection, now=now)
    by = connection.revoked_by
    access_expires_at, sign_in_after = _ends_of(connection, status=status)
    return TokenRow(
        public_id=str(connection.public_id),
        client=client_name(connection),
        origin=_origin_of(connection),
        label="" if connection.is_personal else connection.label,
        status=status,
        status_label=_LABELS[status],
        status_note=_NOTES.get(status, ""),
        may_do=connection.get_level_display(),
        created_at=connection.created_at,
        created_from=connection.created_from,
        access_expires_at=access_expires_at,
        access_note=_access_note(connection, status=status, now=now),
        sign_in_after=sign_in_after,
        last_used_at=connection.last_used_at,
        last_used_from=connection.last_used_from,
        revoked_at=connection.revoked_at,
        revoked_by=name_of(by) if by else "",
        revoked_reason=_reason_of(connection),
    )


def _ends_of(
    connection: Any, *, status: str
) -> tuple[datetime | None, datetime | None]:
    """Return when access expires and when a sign-in is needed, each instant once."""
    if status == REVOKED:
        return None, None
    if connection.is_personal:
        return connection.sign_in_after, None
    access = None if status == EXPIRED else connection.access_expires_at
    return access, connection.sign_in_after


def _reason_of(connection: Connection) -> str | Promise:
    by_whom = _BY_WHOM.get(connection.revoked_reason)
    if by_whom is None:
        return connection.get_revoked_reason_display()
    return "" if connection.revoked_by else by_whom


def _access_note(connection: Any, *, status: str, now: datetime) -> str | Promise:
    """Say why a row whose access token has run out is active all the same."""
    expires_at = connection.access_expires_at
    is_over = expires_at is not None and expires_at <= now
    return _REFRESH_NOTE if status == ACTIVE and is_over else ""


def _origin_of(connection: Connection) -> str | Promise:
    is_labelled = connection.is_personal and connection.label
    return PERSONAL_NAME if is_labelled else connection.client_host


def _status_of(connection: Any, *, now: datetime) -> str:
    if connection.revoked_at is not None:
        return REVOKED
    if connection.is_active:
        return ACTIVE
    if connection.sign_in_after <= now:
        return EXPIRED
    return INACTIVE if connection.suspended_at is None else SUSPENDED
