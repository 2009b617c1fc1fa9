"""Why a token or code is not accepted, as a value that wire answers are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from agent_connector.models import Client, Connection
from agent_connector.policy.admission import may_come
from agent_connector.policy.rules import Denial, may_connect
from agent_connector.policy.settings import Rules, setting_on


class Problem(StrEnum):
    """What is wrong with the presented secret, strongest first."""

    MALFORMED = "malformed"
    ADDRESS = "address"
    RULES_UNREADABLE = "rules_unreadable"
    SWITCHED_OFF = "switched_off"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN = "unknown"
    WRONG_RESOURCE = "wrong_resource"
    REVOKED = "revoked"
    BLOCKED = "blocked"
    NOT_STAFF = "not_staff"
    DISABLED = "disabled"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REUSED = "reused"
    TOO_WIDE = "too_wide"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The problem, and one sentence for the client's person, never a secret."""

    problem: Problem
    sentence: str


SWITCHED_OFF = Refusal(
    Problem.SWITCHED_OFF,
    "An administrator has switched the MCP server of this site off. Tokens stay"
    " valid: try again later.",
)
"""For nothing that is wrong with the token: answered with 503, never 401."""

NO_PERSONAL = Refusal(
    Problem.NOT_ALLOWED,
    "Personal access tokens are not allowed on this site. Sign in through OAuth.",
)


ADDRESS_REFUSED = Refusal(
    Problem.ADDRESS,
    "This site takes no requests of AI clients from this network address. Ask an"
    " administrator of the site.",
)
"""Says nothing about the token, which was not judged: answered with 403."""

RULES_UNREADABLE = Refusal(
    Problem.RULES_UNREADABLE,
    "The address rules of this site cannot be read. An administrator can correct them"
    " on the Settings page.",
)
"""For a list that was broken by hand: nobody is let in, with 503."""


def refusal_by_address(rules: Rules, address: str | None) -> Refusal | None:
    """Return what the site's address rules have against the sender, before all else."""
    match may_come(address, rules=rules).denial:
        case None:
            return None
        case Denial.RULES_UNREADABLE:
            return RULES_UNREADABLE
        case _:
            return ADDRESS_REFUSED


def refusal_by_site(row: Any, *, origin: str) -> Refusal | None:
    """Return what the site's switches, read together with `row`, have against it."""
    if not setting_on(row, "mcp_server_enabled"):
        return SWITCHED_OFF
    is_personal = origin == Connection.Origin.PERSONAL
    if is_personal and not setting_on(row, "personal_access_tokens"):
        return NO_PERSONAL
    return None


NEEDED = (
    "connection__client",
    "connection__revoked_by",
    "connection__user__mcp_access",
)
"""What `refusal_of` reads, loaded in the statement that finds a token or code."""


def refusal_of(connection: Connection, *, now: datetime) -> Refusal | None:
    """Return why no token of this connection counts now, or None.

    `connection` comes with `user.mcp_access` and `client` loaded in the statement
    that found the token, so that the answer is as fresh as the database.
    """
    if connection.revoked_at is not None:
        return Refusal(Problem.REVOKED, _revoked_sentence(connection))
    client = connection.client
    if client is not None and client.trust == Client.Trust.BLOCKED:
        return Refusal(Problem.BLOCKED, "This client was blocked.")
    user_refused = _refusal_of_user(connection)
    if user_refused is not None:
        return user_refused
    if min(connection.expires_at, connection.absolute_expires_at) <= now:
        return Refusal(Problem.EXPIRED, "The connection has expired. Sign in again.")
    return None


def refusal_of_call(connection: Connection, *, now: datetime) -> Refusal | None:
    """Return why no call of this connection is served now, or None.

    What is suspended goes on to refresh its tokens, so that it works at once when
    somebody resumes it; it can do nothing else with them.
    """
    refusal = refusal_of(connection, now=now)
    if refusal is None and connection.suspended_at is not None:
        return Refusal(
            Problem.SUSPENDED,
            f"Suspended at {_in_utc(connection.suspended_at)}: too many calls in a row"
            " were refused. Its user can resume the connection under Account Setting,"
            " or an administrator can.",
        )
    return refusal


def _refusal_of_user(connection: Connection) -> Refusal | None:
    denial = may_connect(connection.user).denial
    if denial is Denial.DISABLED:
        return Refusal(Problem.DISABLED, "MCP access of this user is disabled.")
    if denial is not None:
        return Refusal(Problem.NOT_STAFF, "This user may not sign in to the admin.")
    if connection.user.mcp_access.epoch != connection.epoch:
        return Refusal(Problem.REVOKED, "All connections of this user were revoked.")
    return None


_BECAUSE: dict[str, str] = {
    Connection.RevokedReason.DISABLED: "MCP access was disabled",
    Connection.RevokedReason.REUSE: "a refresh token was used twice",
    Connection.RevokedReason.CODE_REPLAY: "an authorization code was used twice",
    Connection.RevokedReason.CLIENT: "signed out by the client",
    Connection.RevokedReason.REPLACED: "replaced by a newer sign-in",
    Connection.RevokedReason.BLOCKED: "the client was blocked",
    Connection.RevokedReason.PASSWORD: "the password was changed",
    Connection.RevokedReason.LEAK: "a token was found where it should not be",
    Connection.RevokedReason.RESTORED: "the database was restored from a backup",
}


def _revoked_sentence(connection: Connection) -> str:
    """Say who revoked and when (UTC), so that people know whom to ask."""
    because = _BECAUSE.get(connection.revoked_reason)
    by = f" by {connection.revoked_by.get_username()}" if connection.revoked_by else ""
    at = _in_utc(connection.revoked_at) if connection.revoked_at else ""
    return f"Revoked{by} at {at}" + (f": {because}." if because else ".")


def _in_utc(at: datetime) -> str:
    """Return a time in UTC; a site without `USE_TZ` keeps its own local times."""
    zone = timezone.get_default_timezone()
    known = timezone.make_aware(at, zone) if timezone.is_naive(at) else at
    return f"{known.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
