"""Read the access token from the Authorization header (RFC 6750 section 2.1). Pure."""

from __future__ import annotations

import re

_BEARER = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.ASCII | re.IGNORECASE)
_SCHEME = re.compile(r"bearer(?![\w\-])", re.ASCII | re.IGNORECASE)


class MalformedHeader(ValueError):
    """The header speaks of a bearer token, but there is not exactly one in it."""


def token_of(header: str) -> str | None:
    """Return the token, or None when the header is absent or of another scheme.

    A header that was sent twice arrives as one, joined by a comma, and is malformed.

    Raises:
        MalformedHeader: the scheme is Bearer and what follows is not one token.
    """
    if not _SCHEME.match(header):
        return None
    match = _BEARER.fullmatch(header)
    if match is None:
        raise MalformedHeader
    return match[1]
