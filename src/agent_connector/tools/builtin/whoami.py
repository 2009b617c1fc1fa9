"""The tool `whoami`: who the agent acts for, how far, and what is out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.conf import settings
from django.utils import timezone, translation

from agent_connector.policy.rules import access_of
from agent_connector.policy.scopes import ALL_SCOPES, Scope, includes
from agent_connector.policy.staff import name_of
from agent_connector.tools.definition import Answer, Arguments, Tool
from agent_connector.tools.modeladmin.links import admin_site, index_path, site_of

if TYPE_CHECKING:
    from datetime import datetime

    from agent_connector.policy.caller import Caller


class WhoamiArguments(Arguments, frozen=True):
    """Nothing is asked."""


class UserShown(msgspec.Struct, frozen=True):
    username: str
    name: str
    superuser: bool


class SiteShown(msgspec.Struct, frozen=True):
    name: str
    admin_url: str
    language: str
    time_zone: str
    now: str


class ConnectionShown(msgspec.Struct, frozen=True):
    client: str
    level: str
    scopes: list[str]
    ends_at: str


class OutOfReach(msgspec.Struct, frozen=True):
    what: str
    why: str


class WhoamiAnswer(Answer, frozen=True, kw_only=True):
    user: UserShown
    site: SiteShown
    connection: ConnectionShown
    max_rows_per_call: int
    out_of_reach: list[OutOfReach] = []


def whoami(caller: Caller, arguments: WhoamiArguments) -> WhoamiAnswer:
    """Return the facts of this connection; nothing of it is secret to its user."""
    del arguments
    user = caller.user
    return WhoamiAnswer(
        user=UserShown(
            username=user.get_username(),
            name=name_of(user),
            superuser=bool(getattr(user, "is_superuser", False)),
        ),
        site=SiteShown(
            name=str(admin_site().site_header),
            admin_url=site_of(caller) + index_path(),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            time_zone=timezone.get_default_timezone_name(),
            now=_moment(timezone.now()),
        ),
        connection=ConnectionShown(
            client=caller.client_name,
            level=caller.level,
            scopes=list(caller.scopes),
            ends_at=_moment(caller.connection.absolute_expires_at),
        ),
        max_rows_per_call=caller.most_rows,
        out_of_reach=[
            OutOfReach(what=scope, why=_why_not(caller, scope))
            for scope in ALL_SCOPES
            if not includes(caller.level, scope)
        ],
    )


def _moment(at: datetime) -> str:
    return (timezone.localtime(at) if settings.USE_TZ else at).isoformat()


def _why_not(caller: Caller, scope: Scope) -> str:
    if caller.limits.read_only:
        return "A role of this user lets agents only read."
    if not caller.may_change:
        return "An administrator lets agents only read on this site."
    access = access_of(caller.user)
    if access is not None and not includes(access.ceiling, scope):
        return "An administrator has limited this user's clients."
    return "The user did not allow it when connecting; connecting again can."


WHOAMI = Tool(
    name="whoami",
    title="Who am I",
    description=(
        "Says which user and site this connection acts for, what it may do, what is"
        " out of reach and why, and the time."
    ),
    needs=Scope.READ,
    input=WhoamiArguments,
    output=WhoamiAnswer,
    run=whoami,
    read_only=True,
    destructive=False,
    idempotent=True,
    ends_refusals=False,
)
