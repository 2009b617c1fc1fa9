"""Which URLs can be a client id: the place of a client ID metadata document."""

from __future__ import annotations

import re

MAX_URL_CHARACTERS = 512

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_URL = re.compile(
    rf"https://(?P<host>(?=[^/]{{1,253}}/)(?:{_LABEL}\.)+(?=[a-z]){_LABEL})"
    r"(?P<target>/[A-Za-z0-9\-._~:/@!$&'()*+,;=%][A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*)",
    re.ASCII,
)
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:[/?]|$)", re.IGNORECASE)


def place_of_document(url: str) -> tuple[str, str] | None:
    """Return host and request target of a URL that can be a client id, else None.

    Stricter than draft-ietf-oauth-client-id-metadata-document section 3: the host is
    a name in lower case, never an address in any spelling (its last label begins with
    a letter), there is no port, and the path is more than `/`. So one host has one
    spelling, and nobody chooses a port for us to knock at.
    """
    found = _URL.fullmatch(url) if len(url) <= MAX_URL_CHARACTERS else None
    if found is None or _DOT_SEGMENT.search(found["target"].partition("?")[0]):
        return None
    return found["host"], found["target"]
