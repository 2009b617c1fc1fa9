"""Whether each AI client would work with this site, and what is against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agent_connector.doctor import fixes
from agent_connector.doctor.finding import Blame, Finding, Text
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


class Outlook(StrEnum):
    """Whether a product would work with this site."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    OUT_OF_REACH = "out-of-reach"
    """Nothing is wrong: it calls from elsewhere, and the site has a local address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVerdict:
    """One product: whether it would work, and what is against it or left to do."""

    key: str
    title: Text
    result: Outlook
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
) -> tuple[Outlook, Blame]:
    warnings = warnings_of(guide, server)
    if {CANNOT_REACH, NEEDS_HTTPS}.intersection(warnings):
        outlook = Outlook.OUT_OF_REACH if server.is_local else Outlook.FAILED
        return outlook, Blame(cause=warnings[0], fix=fixes.SITE_URL)
    if stopping is not None:
        cause = _("This probe has failed: %(title)s.") % {"title": stopping.title}
        return Outlook.FAILED, Blame(cause=cause)  # the cure stands with the probe
    if not _introduces_itself(guide, in_force):
        return _without_sign_in(guide, in_force)
    if guide.is_hosted and in_force.allowed_addresses:
        cause = _(
            "It calls from its maker's cloud: the allowed IP addresses of Settings"
            " have to hold the maker's networks."
        )
        return Outlook.WARNING, Blame(cause=cause)
    if warnings:
        return Outlook.WARNING, Blame(cause=warnings[0])
    return Outlook.OK, Blame()


def _introduces_itself(guide: Guide, in_force: SiteSettings) -> bool:
    return in_force.dynamic_client_registration or (
        guide.has_document and in_force.client_id_metadata_documents
    )


def _without_sign_in(guide: Guide, in_force: SiteSettings) -> tuple[Outlook, Blame]:
    """Judge a product that the site takes no registration from."""
    if guide.personal and in_force.personal_access_tokens:
        cause = _("Only with a personal access token: it cannot register itself.")
        return Outlook.WARNING, Blame(cause=cause)
    cause = _(
        "It cannot register itself. Switch on dynamic client registration in Settings,"
        " or enter it on the page Clients."
    )
    return Outlook.FAILED, Blame(cause=cause, fix=fixes.REGISTRATION)
