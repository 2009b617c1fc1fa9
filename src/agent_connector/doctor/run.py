"""Run every probe in its order and sum up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agent_connector.audit.recorded import DOCTOR
from agent_connector.doctor import fixes
from agent_connector.doctor.arrivals import probe_arrivals
from agent_connector.doctor.clients import ClientVerdict, judge_clients
from agent_connector.doctor.documents import probe_documents
from agent_connector.doctor.endpoint import probe_endpoint
from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import (
    Blame,
    Finding,
    Probe,
    Result,
    all_skipped,
    failed,
    ok,
)
from agent_connector.doctor.outbound import probe_outbound
from agent_connector.doctor.round_trip import probe_connection
from agent_connector.doctor.surroundings import probe_clock, probe_database
from agent_connector.doctor.transport import (
    probe_https,
    probe_plain_http,
    probe_reach,
)
from agent_connector.doctor.wire import Wire
from agent_connector.errors import SiteURLMissing
from agent_connector.guides.definition import Server
from agent_connector.policy.settings import SiteSettings, read_settings
from agent_connector.policy.site import MCP_PATH, site_url

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_ALL = tuple(Probe)
_OVER_THE_WIRE = _ALL[_ALL.index(Probe.HTTPS) : _ALL.index(Probe.CLOCK)]
_AT_THE_END = _ALL[_ALL.index(Probe.EXCHANGE) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one run found, in the order of `Probe`, and what follows for clients."""

    site: str
    """"" where the site does not know its address."""

    at: datetime
    findings: tuple[Finding, ...]
    clients: tuple[ClientVerdict, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether nothing has failed; warnings and what was skipped are no failure."""
        return not self.counts[Result.FAILED]

    @property
    def counts(self) -> Counter[Result]:
        return Counter(one.result for one in self.findings)


def examine(
    *,
    now: datetime,
    user: User | None = None,
    address: str | None = None,
    host_url: str = "",
    actor: User | None = None,
    via: str = DOCTOR,
) -> Report:
    """Ask the site over its public address, outside a transaction: it takes seconds.

    `user` is in whose name a connection is tried, None: none is; `address`, `actor` and
    `via` are what the record says of who asked for it. `host_url` counts under DEBUG
    only, as in `site_url`.
    """
    in_force = read_settings()
    try:
        site = site_url(host_url=host_url)
    except SiteURLMissing:
        return _unnamed(in_force, now=now)
    exam = Examination(
        wire=Wire(url=site),
        in_force=in_force,
        now=now,
        user=user,
        address=address,
        actor=actor,
        via=via,
    )
    findings = tuple(_findings(exam))
    return _report(site, findings, in_force=in_force, now=now)


def _report(
    site: str,
    findings: tuple[Finding, ...],
    *,
    in_force: SiteSettings,
    now: datetime,
) -> Report:
    server = Server(url=site + MCP_PATH, name="")
    clients = tuple(judge_clients(server, findings, in_force=in_force))
    return Report(site=site, at=now, findings=findings, clients=clients)


def _unnamed(in_force: SiteSettings, *, now: datetime) -> Report:
    cause = _(
        "Without a fixed address no client can connect: a forged Host header could"
        " rename the site. Tell it its scheme and host."
    )
    first = failed(Probe.SITE_URL, "-", Blame(cause=cause, fix=fixes.SITE_URL))
    rest = all_skipped(_ALL[1:], _("The site does not know its own address."))
    clients = tuple(
        judge_clients(
            Server(url="https://example.com", name=""), [first], in_force=in_force
        )
    )
    return Report(site="", at=now, findings=(first, *rest), clients=clients)


def _findings(exam: Examination) -> Iterator[Finding]:
    before = list(_of_the_way(exam))
    yield from before
    yield probe_clock(exam)
    yield probe_database()
    yield probe_outbound(exam)
    if any(finding.stops_clients for finding in before):
        yield from all_skipped(_AT_THE_END, _("Mend first what has failed above."))
    else:
        yield from probe_connection(exam)


def _of_the_way(exam: Examination) -> Iterator[Finding]:
    """Yield what is found between a client and the application."""
    yield ok(Probe.SITE_URL, exam.site)
    switch = _switch(exam.in_force)
    yield switch
    reach = probe_reach(exam)
    yield reach
    if switch.stops_clients:
        yield from all_skipped(_OVER_THE_WIRE, _("The MCP server is switched off."))
    elif reach.stops_clients:
        because = _("The public address did not answer.")
        yield from all_skipped(_OVER_THE_WIRE, because)
    else:
        yield probe_https(exam)
        yield probe_plain_http(exam)
        yield from probe_documents(exam)
        yield from probe_endpoint(exam)
        yield from probe_arrivals(exam)


def _switch(in_force: SiteSettings) -> Finding:
    if in_force.mcp_server_enabled:
        return ok(Probe.SWITCH, _("on"))
    cause = _(
        "Every client is answered that an administrator has switched the server off."
        " Switch it on on the page Settings, or from a shell."
    )
    return failed(Probe.SWITCH, _("off"), Blame(cause=cause, fix=fixes.SWITCH_ON))
