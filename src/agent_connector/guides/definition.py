"""What a guide is, and the server that it is filled in for."""

from __future__ import annotations

import ipaddress
import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

Text = str | Promise

AUTHORIZE_PATH = "/oauth/authorize"
"""Below the MCP endpoint; the client finds it by itself, people may want to see it."""

FALLBACK_NAME = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The MCP server of this site, as a client's configuration names it."""

    url: str
    name: str
    """What the client calls the server: lower-case letters, digits and hyphens."""

    @property
    def authorize_url(self) -> str:
        return self.url + AUTHORIZE_PATH

    @property
    def authorize_url_parts(self) -> list[str]:
        """The same, in pieces between which a narrow page may break it."""
        return re.findall(r"[^/]*/*", self.authorize_url)

    @property
    def is_local(self) -> bool:
        """Whether only this computer or its network can reach the server."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            return True
        try:
            return not ipaddress.ip_address(host).is_global
        except ValueError:
            return "." not in host

    @property
    def is_encrypted(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def token_variable(self) -> str:
        """The environment variable that holds a personal access token for it."""
        return "MCP_TOKEN_" + self.name.upper().replace("-", "_")


def server_at(url: str, *, title: str = "") -> Server:
    """Return the server at `url`, named after `title`, the site's own name.

    A title without Latin letters or digits gives way to host and port, and a bare
    address to "admin", with its port: one client may know several of them.
    """
    parts = urlsplit(url)
    host = FALLBACK_NAME if _is_address(parts.hostname) else parts.hostname or ""
    place = f"{host}-{parts.port}" if parts.port else host
    by_place = slugify(place.replace(".", "-"))
    return Server(url=url, name=slugify(title) or by_place or FALLBACK_NAME)


def _is_address(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """What is written by hand: a file, or without `path` a command."""

    text: Callable[[Server], str]
    path: str = ""
    place: Text = ""
    """Where else the file may be, or how it is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """How to connect one product. Everything but `key` and `title` may be missing."""

    key: str
    title: Text
    command: Callable[[Server], str] | None = None
    steps: tuple[Text, ...] = ()
    """What to do where there is no command, or after it; in this order."""

    manual: Manual | None = None
    personal: Manual | None = None
    """The same with a personal access token; None where the product takes none."""

    expect: tuple[Text, ...] = ()
    """What happens next, so that nobody wonders."""

    notes: tuple[Text, ...] = ()
    is_hosted: bool = False
    """Whether the product's own cloud makes the calls, not the user's computer."""

    has_document: bool = False
    """Whether its maker publishes a client ID metadata document, so that it connects
    where registration is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledGuide:
    """A guide with the values of one server filled in: what a page shows."""

    key: str
    title: Text
    command: str
    steps: tuple[Text, ...]
    manual_path: str
    manual_place: Text
    manual_text: str
    personal_path: str
    personal_place: Text
    personal_text: str
    expect: tuple[Text, ...]
    notes: tuple[Text, ...]
    warnings: tuple[Text, ...]


CANNOT_REACH = _(
    "This product calls from its maker's cloud, which cannot reach this address: it"
    " is a local one. It needs a public https address."
)
NEEDS_HTTPS = _(
    "This product calls from its maker's cloud and accepts only an https address."
)
NOT_ENCRYPTED = _(
    "This address is not encrypted. Use it only on a network that you trust."
)

PLACEHOLDER = "YOUR-PERSONAL-ACCESS-TOKEN"
"""Where a file takes the text of a personal access token itself."""

FROM_VARIABLE = _("Put the token into the environment variable that it names.")
FROM_FILE = _("Put the token in place of the capitals; keep the file to yourself.")

SIGN_IN = _(
    "Your browser opens: sign in to this admin, choose what the client may do, and"
    " press Authorize."
)


def fill(guide: Guide, server: Server) -> FilledGuide:
    """Return `guide` with the values of `server`."""
    manual, personal = guide.manual, guide.personal
    return FilledGuide(
        key=guide.key,
        title=guide.title,
        command=guide.command(server) if guide.command else "",
        steps=guide.steps,
        manual_path=manual.path if manual else "",
        manual_place=manual.place if manual else "",
        manual_text=manual.text(server) if manual else "",
        personal_path=personal.path if personal else "",
        personal_place=personal.place if personal else "",
        personal_text=personal.text(server) if personal else "",
        expect=guide.expect,
        notes=guide.notes,
        warnings=warnings_of(guide, server),
    )


def warnings_of(guide: Guide, server: Server) -> tuple[Text, ...]:
    """Return what keeps the product from reaching `server`, or endangers it."""
    if guide.is_hosted and server.is_local:
        return (CANNOT_REACH,)
    if guide.is_hosted and not server.is_encrypted:
        return (NEEDS_HTTPS,)
    if not server.is_encrypted and not server.is_local:
        return (NOT_ENCRYPTED,)
    return ()


def as_json(content: dict[str, Any]) -> str:
    """Return `content` as a configuration file has it."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def as_command(*words: str) -> str:
    """Return a command line for a POSIX shell, quoted where it must be."""
    return shlex.join(words)
