"""Why a path is not answered by this site: what is between, or what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.doctor import fixes
from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import Blame
from agent_connector.doctor.routes import is_routed
from agent_connector.doctor.wire import Answer, NoAnswer, Silence

_GATEWAY = {
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_PLAIN_SITE = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]+)?(?=[/?#]|$)")
"""Of a redirect: what stands in lines to copy comes from nobody's pen."""

_FRAME_HEADERS = ("X-Frame-Options", "Cross-Origin-Opener-Policy")
"""Which Django's own middleware adds to every answer, a 404 too."""


_TOO_SLOW = gettext_lazy(
    "The connection was taken, but no answer came in time. Every worker is busy or"
    " stuck; or this page asks a site with one worker that serves one request at a"
    " time, which cannot answer itself meanwhile. Run more than one worker or thread,"
    " or run the doctor from a shell."
)
_SILENCES: dict[Silence, tuple[Promise, str]] = {
    Silence.NO_ADDRESS: (
        gettext_lazy(
            "This server does not find the host's name. Correct SITE_URL, or the"
            " name's entry in the DNS."
        ),
        fixes.SITE_URL,
    ),
    Silence.REFUSED: (
        gettext_lazy(
            "Nothing listens there: the proxy is down, or SITE_URL has another port."
        ),
        fixes.SITE_URL,
    ),
    Silence.UNREACHABLE: (
        gettext_lazy(
            "This server does not reach its own public address: a firewall, or a"
            " router that does not lead back. Clients outside may reach it all the"
            " same. Let the server reach itself, by /etc/hosts for example."
        ),
        "127.0.0.1 {host}",
    ),
    Silence.CERTIFICATE: (
        gettext_lazy(
            "The certificate is not accepted: expired, for another name, signed by"
            " itself, or sent without its intermediate certificates. Most clients"
            " refuse it as well."
        ),
        fixes.TLS_CHAIN,
    ),
    Silence.NO_TLS: (
        gettext_lazy("What listens there does not speak https."),
        fixes.TLS_CHAIN,
    ),
    Silence.TOO_SLOW: (_TOO_SLOW, fixes.COMMAND),
    Silence.OUT_OF_TIME: (_TOO_SLOW, fixes.COMMAND),
    Silence.NO_HTTP: (gettext_lazy("What listens there does not speak HTTP."), ""),
}


def silence_of(silence: NoAnswer, *, host: str) -> Blame:
    """Say what keeps any answer from coming."""
    cause, fix = _SILENCES[silence.silence]
    return Blame(cause=cause, fix=fix.replace("{host}", host))


def absence_of(exam: Examination, answer: Answer) -> Blame:
    """Say why what answered is not this application."""
    if answer.status == HTTPStatus.BAD_REQUEST:
        return _host_refused(exam)
    if answer.status in _GATEWAY:
        return Blame(
            cause=_("The proxy does not reach Django, or gave up waiting for it."),
            fix=fixes.location("/"),
        )
    for changed, cause in _changed_paths(answer.path):
        if _is_us(exam, changed):
            return Blame(cause=cause, fix=fixes.location("/"))
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return _redirected(exam, answer)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Blame(
            cause=_(
                "Something before Django refuses: a password of the proxy's own, a"
                " firewall, or a list of addresses. Let these paths through."
            ),
            fix=f"{fixes.location('/mcp')}\n{fixes.location('/.well-known/oauth-')}",
        )
    return _elsewhere(exam, answer)


def _host_refused(exam: Examination) -> Blame:
    cause = _(
        "Django refuses the host name that arrives: the proxy passes another one on"
        " than %(host)s, or ALLOWED_HOSTS lacks it."
    )
    return Blame(
        cause=cause % {"host": urlsplit(exam.site).netloc},
        fix=f"{fixes.HOST}\n{fixes.allowed_host(exam.host)}",
    )


def _redirected(exam: Examination, answer: Answer) -> Blame:
    asked = exam.site + answer.path
    target = _target_of(asked, answer.header("Location"))
    leads_to = _PLAIN_SITE.match(target)
    if target == asked and target.startswith("https:"):
        return Blame(
            cause=_(
                "The site redirects to itself for ever: Django does not see that the"
                " connection is encrypted, and SECURE_SSL_REDIRECT is on."
            ),
            fix=f"{fixes.FORWARDED_PROTO}\n{fixes.SSL_HEADER}",
        )
    if leads_to and leads_to[0] != exam.site:
        return Blame(
            cause=_(
                "This address leads on to another one. Clients compare addresses"
                " letter by letter: SITE_URL has to be the last one."
            ),
            fix=fixes.site_url(leads_to[0]),
        )
    return Blame(
        cause=_("A redirect stands before this path; clients do not follow it."),
        fix=fixes.location(_place_of(answer.path)),
    )


def _target_of(asked: str, location: str) -> str:
    try:
        return urljoin(asked, location)
    except ValueError:
        return ""


def _elsewhere(exam: Examination, answer: Answer) -> Blame:
    """Tell a path that is swallowed, one that is changed, and a foreign site apart."""
    path = answer.path
    if not is_routed(path):
        cause = _("This site's own URLs do not lead there.")
        return Blame(cause=cause, fix=fixes.URLS)
    if _admin_answers(exam):
        return Blame(
            cause=_(
                "The proxy does not hand this path to Django: it answers it itself, or"
                " sends it to another program."
            ),
            fix=fixes.location(_place_of(path)),
        )
    if any(answer.header(name) for name in _FRAME_HEADERS):
        cause = _(
            "Django answers, but under another path: the proxy adds something to it,"
            " or takes something away. After the port, proxy_pass has no path."
        )
    else:
        cause = _(
            "Another program answers: the name leads to another site, or the proxy"
            " does not hand its requests to Django."
        )
    return Blame(cause=cause, fix=fixes.location("/"))


def _place_of(path: str) -> str:
    """Return nginx's name of a place: one for all the documents that clients look for."""
    documents = "/.well-known/oauth-"
    return f"^~ {documents}" if path.startswith(documents) else f"= {path}"


def _changed_paths(path: str) -> Iterator[tuple[str, str]]:
    """Yield paths that would arrive as `path` if the proxy changes it, and how."""
    first = "/" + path.split("/")[1]
    taken_away = _(
        "The proxy takes %(prefix)s away from the path. After the port, proxy_pass has"
        " no path, not even a slash."
    ) % {"prefix": first}
    yield first + path, taken_away
    yield first + path.removeprefix("/"), taken_away
    mounted = get_script_prefix().rstrip("/")
    if mounted:
        yield (
            mounted + path,
            _(
                "The site answers below %(prefix)s only, but clients look at the root"
                " of the host. Hand these paths on at the root, too."
            )
            % {"prefix": mounted},
        )


def _is_us(exam: Examination, path: str) -> bool:
    try:
        return exam.page(path).arrival is not None
    except NoAnswer:
        return False


def _admin_answers(exam: Examination) -> bool:
    try:
        return exam.page(reverse("admin:login")).status == HTTPStatus.OK
    except (NoAnswer, NoReverseMatch):
        return False
