"""Where an answer may be sent: redirect URIs, registered and matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, quote, urlencode, urlsplit

MAX_URI_CHARACTERS = 2000
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_URI_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+", re.ASCII)
"""RFC 3986 without `#`: no spaces, controls, backslashes, quotes or raw Unicode."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*", re.ASCII)
_LABEL = r"[A-Za-z0-9]+(-+[A-Za-z0-9]+)*"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_LOOPBACK = re.compile(
    r"http://(?P<host>localhost|127\.0\.0\.1|\[::1\])"
    r"(:(?P<port>[0-9]{1,5}))?(?P<rest>([/?].*)?)",
    re.ASCII,
)
_MAX_PORT = 65535
_REVERSED_DOMAIN = re.compile(
    r"(?!microsoft\.|com\.apple\.)[a-z]{2,}(\.[a-z0-9]+(-+[a-z0-9]+)*)+", re.ASCII
)
"""A scheme of one program's own (RFC 8252 section 7.1), not one of the system's."""
_KNOWN_SCHEMES = frozenset(
    {
        *("antigravity", "claude", "code-oss", "cursor", "goose", "kiro", "lmstudio"),
        *("raycast", "trae", "vscode", "vscode-insiders", "vscodium", "warp"),
        *("windsurf", "zed"),
    }
)
"""Programs that speak MCP and took a short name all the same. Any other short scheme
may be a handler of the system that runs, reads or mounts something."""


def fault_of(uri: str) -> str:
    """Return what forbids registering `uri`, or "" when nothing does.

    Allowed are https, http on the loopback interface (RFC 8252 section 7.3), and
    private-use schemes (section 7.1): a reversed domain name, such as
    `com.example.app:/…`, or `name://host…` of a program that is known.
    """
    if not 0 < len(uri) <= MAX_URI_CHARACTERS:
        return f"is empty or longer than {MAX_URI_CHARACTERS} characters"
    if not _URI_CHARACTERS.fullmatch(uri):
        return "has a fragment or characters that a URI does not have"
    scheme, colon, _ = uri.partition(":")
    if not colon or not _SCHEME.fullmatch(scheme):
        return "does not begin with a scheme in lower case"
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return "has a malformed host or port"
    if "@" in parts.netloc:
        return "names a user"
    return _fault_of_place(uri, parts)


def _fault_of_place(uri: str, parts: SplitResult) -> str:
    """Judge scheme and host together: each scheme has its own kind of host."""
    host = parts.hostname or ""
    if parts.netloc and not (":" in host or _HOST.fullmatch(host)):
        return "has no sound host"
    if parts.netloc.endswith(":") or "%" in parts.netloc:
        return "has an empty port or an encoded host"
    match parts.scheme:
        case "http":
            return "" if _loopback_place(uri) else "uses http beyond this computer"
        case scheme if _REVERSED_DOMAIN.fullmatch(scheme):
            return "" if host or re.match(r"/[^/]", parts.path) else "has no host"
        case scheme if scheme == "https" or scheme in _KNOWN_SCHEMES:
            return "" if host else "has no host"
        case _:
            return "uses a scheme that is neither a reversed domain name nor known"


def matches(uri: str, *, registered: Iterable[str]) -> bool:
    """Say whether `uri` is one of the registered ones (RFC 9700 section 2.1).

    Equal character by character; on the loopback interface the port may differ
    (RFC 8252 section 7.3), because native programs take a free one. The name
    `localhost` and each address are hosts of their own.
    """
    place = _loopback_place(uri)
    return any(
        uri == known or (place is not None and place == _loopback_place(known))
        for known in registered
    )


def _loopback_place(uri: str) -> tuple[str, str] | None:
    """Return host and all that follows the port, or None when not on loopback."""
    found = _LOOPBACK.fullmatch(uri)
    if not found or not 0 < int(found["port"] or 80) <= _MAX_PORT:
        return None
    return found["host"], found["rest"]


def stays_here(uri: str) -> bool:
    """Say whether the answer stays on the computer of the browser.

    True on the loopback interface, and for a scheme that starts a program.
    """
    return not is_web(uri) or urlsplit(uri).hostname in _LOOPBACK_HOSTS


def is_web(uri: str) -> bool:
    """Say whether a browser follows a redirect there: http or https.

    A private-use scheme starts a program instead, which browsers only do from a
    page.
    """
    return urlsplit(uri).scheme in {"http", "https"}


def place_of(uri: str) -> str:
    """Return what a person should look at: the host, or the program's scheme."""
    parts = urlsplit(uri)
    if parts.scheme == "https":
        return parts.netloc
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def with_parameters(uri: str, parameters: Mapping[str, str]) -> str:
    """Return `uri` with parameters added to its query, each of them encoded.

    The one builder of redirects: the registered query stays (RFC 6749 section
    3.1.2), and no value can leave the query.
    """
    joiner = "&" if "?" in uri else "?"
    return uri + joiner + urlencode(parameters, quote_via=quote, safe="")
