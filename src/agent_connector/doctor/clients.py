"""Whether each AI client would work with this site, and what is against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agent_connector.doctor import fixes
from agent_connector.doctor.finding import Blame, Finding, Result, Text
from agent_connector.guides.definition import (
    CANNOT_REACH,
    NEEDS_HTTPS,
    Guide,
    Server,
    warnings_of,
)
from agent_connector.guides.registry import GUIDES

if TYPE_CHECKING:
    from agent_connector.policy.settings import SiteSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVerdict:
    """One product: would work (ok), with a remark (warning), or would not (failed)."""

    key: str
    title: Text
    result: Result
    because: Text = ""
    fix: str = ""


def judge_clients(
    server: Server, findings: Iterable[Finding], *, in_force: SiteSettings
) -> Iterator[ClientVerdict]:
    """Yield a verdict for each product that there is a guide for."""
    stopping = next((one for one in findings if one.stops_clients), None)
    for guide in GUIDES:
        if guide.key == "other":
            continue
        result, blame = _judged(guide, server, stopping, in_force=in_force)
        yield ClientVerdict(
            key=guide.key,
            title=guide.title,
            result=result,
            because=blame.cause,
            fix=blame.fix,
        )


def _judged(
    guide: Guide,
    server: Server,
    stopping: Finding | None,
    *,
    in_force: SiteSettings,
) -> tuple[Result, Blame]:
    warnings = warnings_of(guide, server)
    if {CANNOT_REACH, NEEDS_HTTPS}.intersection(warnings):
        return Result.FAILED, Blame(cause=warnings[0], fix=fixes.SITE_URL)
    if stopping is not None:
        cause = _("This probe has failed: %(title)s.") % {"title": stopping.title}
        return Result.FAILED, Blame(cause=cause)  # the cure stands with the probe
    if not _introduces_itself(guide, in_force):
        return _without_sign_in(guide, in_force)
    if guide.is_hosted and in_force.allowed_addresses:
        cause = _(
            "It calls from its maker's cloud: the allowed IP addresses of Settings"
            " have to hold the maker's networks."
        )
        return Result.WARNING, Blame(cause=cause)
    if warnings:
        return Result.WARNING, Blame(cause=warnings[0])
    return Result.OK, Blame()


def _introduces_itself(guide: Guide, in_force: SiteSettings) -> bool:
    return in_force.dynamic_client_registration or (
        guide.has_document and in_force.client_id_metadata_documents
    )


def _without_sign_in(guide: Guide, in_force: SiteSettings) -> tuple[Result, Blame]:
    """Judge a product that the site takes no registration from."""
    if guide.personal and in_force.personal_access_tokens:
        cause = _("Only with a personal access token: it cannot register itself.")
        return Result.WARNING, Blame(cause=cause)
    cause = _(
        "It cannot register itself. Switch on dynamic client registration in Settings,"
        " or enter it on the page Clients."
    )
    return Result.FAILED, Blame(cause=cause, fix=fixes.REGISTRATION)
