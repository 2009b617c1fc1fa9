"""Whether the public address answers at all, and whether it is encrypted."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.doctor import fixes
from agent_connector.doctor.absence import silence_of
from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import (
    Blame,
    Finding,
    Probe,
    failed,
    ok,
    skipped,
    warning,
)
from agent_connector.doctor.wire import NoAnswer, Silence
from agent_connector.guides.definition import Server
from agent_connector.policy.site import MCP_PATH

SOON = timedelta(days=14)
HTTPS_PORT = 443


def probe_reach(exam: Examination) -> Finding:
    """Ask once; what answers is judged by other probes."""
    try:
        answer = exam.unauthorized()
    except NoAnswer as silence:
        seen = f"{exam.resource} {silence.detail}".strip()
        return failed(Probe.REACH, seen, silence_of(silence, host=exam.host))
    return ok(Probe.REACH, f"{exam.resource}: {answer.status}")


def probe_https(exam: Examination) -> Finding:
    """Judge the scheme, and how long the certificate, which counts, still does."""
    server = Server(url=exam.resource, name="")
    if server.is_encrypted:
        return _certificate(exam)
    if server.is_local:
        return ok(Probe.HTTPS, _("Not needed: the address is a local one."))
    cause = _(
        "Tokens travel in plain sight of everybody on the way, and clients that call"
        " from their maker's cloud refuse plain http."
    )
    https = fixes.site_url(f"https://{urlsplit(exam.site).netloc}")
    return warning(Probe.HTTPS, exam.site, Blame(cause=cause, fix=https))


def _certificate(exam: Examination) -> Finding:
    if not exam.wire.expires:
        return skipped(Probe.HTTPS, _("The public address did not answer."))
    ends_at = datetime.fromtimestamp(
        ssl.cert_time_to_seconds(exam.wire.expires), tz=UTC
    )
    left = ends_at - _aware(exam.now)
    seen = _("The certificate counts until %(day)s.") % {"day": f"{ends_at:%Y-%m-%d}"}
    if left > SOON:
        return ok(Probe.HTTPS, seen)
    cause = _("It expires within %(days)s days and should have been renewed by now.")
    blame = Blame(cause=cause % {"days": SOON.days}, fix=fixes.RENEW)
    return warning(Probe.HTTPS, seen, blame)


def _aware(at: datetime) -> datetime:
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def probe_plain_http(exam: Examination, *, port: int = 80) -> Finding:
    """Look what somebody meets who writes http:// where https:// is meant."""
    place = urlsplit(exam.site)
    if place.scheme != "https":
        return skipped(Probe.PLAIN_HTTP, _("The site has no https address."))
    if (place.port or HTTPS_PORT) != HTTPS_PORT and port == 80:  # noqa: PLR2004  # of http
        because = _("With a port of its own the site has no known http address.")
        return skipped(Probe.PLAIN_HTTP, because)
    host = f"[{exam.host}]" if ":" in exam.host else exam.host
    plain = f"http://{host}:{port}"
    try:
        answer = exam.wire.ask("POST", MCP_PATH, url=plain)
    except NoAnswer as silence:
        if silence.silence is Silence.OUT_OF_TIME:
            return skipped(Probe.PLAIN_HTTP, _("The time of the run was over."))
        return ok(Probe.PLAIN_HTTP, _("Nothing answers to plain http."))
    target = answer.header("Location")
    seen = f"{plain}: {answer.status} {target[:200]}".strip()
    if target.startswith("https://") or answer.arrival is None:
        return ok(Probe.PLAIN_HTTP, seen)
    cause = _(
        "The MCP endpoint answers to plain http as well: a client that is told http://"
        " by mistake sends its token in plain sight."
    )
    fix = fixes.REDIRECT.format(host=exam.host)
    return failed(Probe.PLAIN_HTTP, seen, Blame(cause=cause, fix=fix))
