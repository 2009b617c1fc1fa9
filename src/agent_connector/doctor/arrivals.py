"""Whether a request arrives as it was sent: host, scheme, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from agent_connector.conf import get_conf
from agent_connector.doctor import fixes
from agent_connector.doctor.endpoint import FORGED_ADDRESS, ask_with_unknown_token
from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import (
    Blame,
    Finding,
    Probe,
    all_skipped,
    failed,
    ok,
    warning,
)
from agent_connector.doctor.wire import Answer, NoAnswer
from agent_connector.policy.arrival import HEADER, Arrival

_PROBES = (Probe.HOST, Probe.SCHEME, Probe.ADDRESSES)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def probe_arrivals(exam: Examination) -> Iterator[Finding]:
    """Yield how one request, whose sender forged where it comes from, has arrived."""
    try:
        answer = ask_with_unknown_token(exam)
    except NoAnswer:
        yield from all_skipped(_PROBES, _("The MCP endpoint was not reached."))
        return
    arrival = answer.arrival
    if arrival is None:
        because = _(
            "The application did not say what arrives: it was not reached, something"
            " on the way drops the header %(header)s, or the site runs with another"
            " SECRET_KEY than this process."
        )
        yield from all_skipped(_PROBES, because % {"header": HEADER})
        return
    yield _host(exam, arrival)
    yield _scheme(exam, arrival)
    yield _addresses(answer, arrival)


def _host(exam: Examination, arrival: Arrival) -> Finding:
    place = urlsplit(exam.site)
    if _plain(arrival.host, place.scheme) == _plain(place.netloc, place.scheme):
        return ok(Probe.HOST, arrival.host)
    cause = _(
        "The proxy passes another Host on than %(host)s. Signing in and the consent"
        " page check it: people could not authorize a client."
    )
    blame = Blame(cause=cause % {"host": place.netloc}, fix=fixes.HOST)
    return failed(Probe.HOST, arrival.host, blame)


def _plain(host: str, scheme: str) -> str:
    return host.lower().removesuffix(_DEFAULT_PORTS[scheme])


def _scheme(exam: Examination, arrival: Arrival) -> Finding:
    wanted = urlsplit(exam.site).scheme
    told = f"X-Forwarded-Proto: {arrival.forwarded_proto or '-'}"
    seen = f"{arrival.scheme}; {told}"
    if arrival.scheme == wanted:
        return ok(Probe.SCHEME, seen)
    if wanted == "http":
        cause = _("Clients are told http, but the site takes connections for https.")
        https = fixes.site_url(f"https://{urlsplit(exam.site).netloc}")
        return failed(Probe.SCHEME, seen, Blame(cause=cause, fix=https))
    if arrival.forwarded_proto != "https":
        cause = _(
            "The proxy does not tell that the connection to it was encrypted. Signing"
            " in fails its CSRF check, and cookies are not marked as secure."
        )
        fix = fixes.FORWARDED_PROTO
    else:
        cause = _(
            "The proxy tells it, but Django's settings do not let it be believed."
        )
        fix = ""
    if not settings.SECURE_PROXY_SSL_HEADER:
        fix = f"{fix}\n{fixes.SSL_HEADER}".strip()
    return failed(Probe.SCHEME, seen, Blame(cause=cause, fix=fix))


def _addresses(answer: Answer, arrival: Arrival) -> Finding:
    """Judge whom the site takes for the sender of a request with a forged header.

    Behind the forged entry each proxy has added whom it was connected from: the first
    of these is the truth. A proxy that replaces the header leaves only the truth.
    """
    entries = [one.strip() for one in arrival.forwarded_for.split(",") if one.strip()]
    if FORGED_ADDRESS in entries:
        entries = entries[entries.index(FORGED_ADDRESS) + 1 :]
    count = len(entries)
    seen = _("taken for %(address)s; X-Forwarded-For: %(entries)s; from %(peer)s") % {
        "address": arrival.address or "-",
        "entries": arrival.forwarded_for or "-",
        "peer": arrival.peer or "-",
    }
    if not count and not _is_direct(answer, arrival):
        return _unsaid(seen, arrival)
    if arrival.address == FORGED_ADDRESS:
        return _forgeable(seen, count)
    believed = get_conf().trusted_proxies
    if believed == count or (
        not isinstance(believed, int) and arrival.address == [*entries, arrival.peer][0]
    ):
        return ok(Probe.ADDRESSES, seen)
    cause = _(
        "The site takes your own proxy for the sender: the record, the limits and the"
        " allowed addresses all see the same one."
    )
    fix = fixes.trusted_proxies(count)
    return failed(Probe.ADDRESSES, seen, Blame(cause=cause, fix=fix))


def _is_direct(answer: Answer, arrival: Arrival) -> bool:
    """Say whether nothing is between; not every server tells its peer's port."""
    if arrival.peer_port:
        return arrival.peer_port == str(answer.local_port)
    return bool(arrival.peer) and arrival.forwarded_for == FORGED_ADDRESS


def _unsaid(seen: str, arrival: Arrival) -> Finding:
    cause = _(
        "A proxy stands before the site and does not say whom it was connected from."
        " The record, the limits and the allowed addresses see the proxy's address, or"
        " what the sender makes up."
    )
    blame = Blame(cause=cause, fix=f"{fixes.FORWARDED_FOR}\n{fixes.trusted_proxies(1)}")
    judge = failed if arrival.address == FORGED_ADDRESS else warning
    return judge(Probe.ADDRESSES, seen, blame)


def _forgeable(seen: str, count: int) -> Finding:
    cause = _(
        "Anybody can write into X-Forwarded-For where they come from, and the site"
        " believes it: TRUSTED_PROXIES counts more proxies than there are."
    )
    fix = fixes.trusted_proxies(count)
    return failed(Probe.ADDRESSES, seen, Blame(cause=cause, fix=fix))
