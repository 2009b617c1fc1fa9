"""Doctor: ask the site from outside whether AI clients can connect, and show the cure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.admin.people import require
from agent_connector.admin.system_page import render_system_page
from agent_connector.doctor.clients import ClientVerdict
from agent_connector.doctor.finding import Finding, Result
from agent_connector.doctor.headline import headline_of
from agent_connector.doctor.run import Report, examine
from agent_connector.models import ConnectorSettings, Throttle
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_settings
from agent_connector.policy.rules import may_connect
from agent_connector.policy.staff import name_of
from agent_connector.policy.throttle import Bucket, Limit, take_turn

LIMIT = Limit(most=6, window=timedelta(minutes=1))
"""Runs of all administrators together: each keeps a worker busy, and asks another."""

_EVERYBODY = [Bucket(Throttle.Scope.DOCTOR, "")]
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report as the page shows it: what needs a hand first."""

    report: Report

    @property
    def headline(self) -> str:
        return headline_of(self.report)

    @property
    def to_mend(self) -> list[Finding]:
        return [*self._of(Result.FAILED), *self._of(Result.WARNING)]

    @property
    def clients(self) -> list[ClientVerdict]:
        """The clients, each cure only where it stands first on the page."""
        told = {one.fix for one in self.to_mend}
        shown = []
        for client in self.report.clients:
            is_told = client.fix in told
            shown.append(replace(client, fix="") if is_told else client)
            told.add(client.fix)
        return shown

    @property
    def failed_count(self) -> int:
        return self.report.counts[Result.FAILED]

    @property
    def warning_count(self) -> int:
        return self.report.counts[Result.WARNING]

    @property
    def right(self) -> list[Finding]:
        return self._of(Result.OK)

    @property
    def skipped(self) -> list[Finding]:
        return self._of(Result.SKIPPED)

    def _of(self, result: Result) -> list[Finding]:
        return [one for one in self.report.findings if one.result is result]


def doctor(site: AdminSite, request: HttpRequest) -> TemplateResponse:
    """GET explains and asks nothing; POST runs, outside a transaction, and shows."""
    require(may_change_settings(request.user))
    if request.method != "POST":
        return _page(site, request, {"is_real": True})
    now, is_real = timezone.now(), "connect" in request.POST
    if not take_turn(_EVERYBODY, limit=LIMIT, now=now):
        context = {
            "error": _("The doctor was run too often. Wait a minute."),
            "is_real": is_real,
        }
        return _page(site, request, context, status=TOO_MANY_REQUESTS)
    viewer: Any = request.user
    report = examine(
        now=now,
        user=viewer if is_real else None,
        actor=viewer,
        address=address_of(request.META),
        host_url=request.build_absolute_uri("/"),
    )
    return _page(site, request, {"shown": Shown(report=report), "is_real": is_real})


def _page(
    site: AdminSite, request: HttpRequest, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    viewer: Any = request.user
    response = render_system_page(
        site,
        request,
        "doctor.html",
        model=ConnectorSettings,
        title=_("Doctor"),
        context={
            "viewer_name": name_of(viewer),
            "viewer_may_connect": may_connect(viewer).allowed,
            **context,
        },
    )
    response.status_code = status
    return response
