"""What one probe found: how it went, what was seen, the likely cause and a cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Result(StrEnum):
    """How a probe went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Probe(StrEnum):
    """Every probe, in the order in which they are reported."""

    SITE_URL = "site-url"
    SWITCH = "switch"
    REACH = "reach"
    HTTPS = "https"
    PLAIN_HTTP = "plain-http"
    RESOURCE_DOCUMENT = "resource-document"
    ROOT_DOCUMENT = "root-document"
    SERVER_DOCUMENT = "server-document"
    ISSUER = "issuer"
    CHALLENGE = "challenge"
    AUTHORIZATION = "authorization"
    TOKEN_ENDPOINT = "token-endpoint"  # noqa: S105  # a name, not a secret
    CACHING = "caching"
    HOST = "host"
    SCHEME = "scheme"
    ADDRESSES = "addresses"
    CLOCK = "clock"
    DATABASE = "database"
    OUTBOUND = "outbound"
    EXCHANGE = "exchange"
    BODY = "body"
    TOOLS = "tools"
    REFRESH = "refresh"
    REVOKE = "revoke"


TITLES: dict[Probe, Promise] = {
    Probe.SITE_URL: _("The site knows its own address"),
    Probe.SWITCH: _("The MCP server is switched on"),
    Probe.REACH: _("The public address answers"),
    Probe.HTTPS: _("Connections are encrypted"),
    Probe.PLAIN_HTTP: _("Plain http leads to https"),
    Probe.RESOURCE_DOCUMENT: _("Clients find the MCP endpoint's document"),
    Probe.ROOT_DOCUMENT: _("The same document at the root"),
    Probe.SERVER_DOCUMENT: _("Clients find the authorization server's document"),
    Probe.ISSUER: _("All documents name the same address"),
    Probe.CHALLENGE: _("A client without a token is told where to get one"),
    Probe.AUTHORIZATION: _("The Authorization header arrives"),
    Probe.TOKEN_ENDPOINT: _("The token endpoint takes forms"),
    Probe.CACHING: _("Answers are not to be cached"),
    Probe.HOST: _("The site's own host name arrives"),
    Probe.SCHEME: _("The site sees the scheme of its own address"),
    Probe.ADDRESSES: _("The site sees where a request comes from"),
    Probe.CLOCK: _("The clocks agree"),
    Probe.DATABASE: _("The database is set up for several workers"),
    Probe.OUTBOUND: _("Client ID metadata documents can be fetched"),
    Probe.EXCHANGE: _("A code is exchanged for tokens"),
    Probe.BODY: _("Long messages arrive"),
    Probe.TOOLS: _("A tool is called"),
    Probe.REFRESH: _("A token is refreshed"),
    Probe.REVOKE: _("A revoked token is refused at once"),
}


_STOPS_NOBODY = {
    Probe.PLAIN_HTTP,
    Probe.ROOT_DOCUMENT,
    Probe.CACHING,
    Probe.ADDRESSES,
    Probe.DATABASE,
    Probe.OUTBOUND,
}
"""What is to be mended, but keeps no client from working."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """The likely cause, and what to copy where to mend it; each may be ""."""

    cause: Text = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one probe found. Never holds a secret."""

    id: Probe
    result: Result
    seen: Text = ""
    cause: Text = ""
    fix: str = ""
    """Text to copy: lines of a configuration, or a command."""

    @property
    def key(self) -> str:
        """What a page calls it, as it calls a guide or a client."""
        return self.id

    @property
    def title(self) -> Promise:
        return TITLES[self.id]

    @property
    def stops_clients(self) -> bool:
        """Whether no client works until this is mended."""
        return self.result is Result.FAILED and self.id not in _STOPS_NOBODY


def ok(probe: Probe, seen: Text) -> Finding:
    return Finding(id=probe, result=Result.OK, seen=seen)


def warning(probe: Probe, seen: Text, blame: Blame) -> Finding:
    return _blaming(probe, Result.WARNING, seen, blame)


def failed(probe: Probe, seen: Text, blame: Blame) -> Finding:
    return _blaming(probe, Result.FAILED, seen, blame)


def skipped(probe: Probe, because: Text, *, fix: str = "") -> Finding:
    return Finding(id=probe, result=Result.SKIPPED, cause=because, fix=fix)


def all_skipped(probes: Iterable[Probe], because: Text) -> Iterator[Finding]:
    return (skipped(probe, because) for probe in probes)


def _blaming(probe: Probe, result: Result, seen: Text, blame: Blame) -> Finding:
    return Finding(id=probe, result=result, seen=seen, cause=blame.cause, fix=blame.fix)
