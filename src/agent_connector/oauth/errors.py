"""What an OAuth client can do wrong, as its wire spells it (RFC 6749 section 5.2)."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import ClassVar

from agent_connector.errors import AgentConnectorError

_UNSAFE = re.compile(r"[^\x20-\x21\x23-\x5B\x5D-\x7E]")


class OAuthError(AgentConnectorError):
    """Superclass of all errors an OAuth client can cause. Never raised itself."""

    code: ClassVar[str]
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str) -> None:
        """Keep `detail`, one sentence for the client's developer, never a secret.

        Characters that `error_description` forbids (quotation mark, backslash,
        anything but printable ASCII) become question marks.
        """
        self.detail = _UNSAFE.sub("?", detail)
        super().__init__(self.detail)


class InvalidRequest(OAuthError):
    """A parameter is missing, repeated or malformed."""

    code = "invalid_request"


class PayloadTooLarge(InvalidRequest):
    """The body is larger than any honest request."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedMediaType(InvalidRequest):
    """The body's content type is not the one this endpoint reads."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class MethodNotAllowed(InvalidRequest):
    """The endpoint does not answer this HTTP method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED


class InvalidClient(OAuthError):
    """The client is unknown, or authenticates in a way that is not its own."""

    code = "invalid_client"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str, *, challenge: bool = False) -> None:
        """Answer with a challenge where the client used HTTP Basic (section 5.2)."""
        super().__init__(detail)
        self.challenge = challenge


class InvalidGrant(OAuthError):
    """The code or refresh token is unknown, spent, expired or someone else's."""

    code = "invalid_grant"


class InvalidScope(OAuthError):
    """The scope is unknown, or wider than what was granted."""

    code = "invalid_scope"


class InvalidTarget(OAuthError):
    """The resource is not ours (RFC 8707 section 2)."""

    code = "invalid_target"


class UnsupportedGrantType(OAuthError):
    """Another grant than authorization code and refresh token."""

    code = "unsupported_grant_type"


class UnsupportedResponseType(OAuthError):
    """Another response type than code."""

    code = "unsupported_response_type"


class AccessDenied(OAuthError):
    """The person, or this site's settings, said no."""

    code = "access_denied"
    status = HTTPStatus.FORBIDDEN


class AddressRefused(AccessDenied):
    """Clients may not come from this network address. Says nothing of what was sent."""

    def __init__(self) -> None:
        super().__init__(
            "This site takes no requests of AI clients from this network address. Ask"
            " an administrator of the site."
        )


class InteractionRequired(OAuthError):
    """`prompt=none`: a person is always asked here (OpenID Connect 3.1.2.6)."""

    code = "interaction_required"


class RequestNotSupported(OAuthError):
    """Request objects are not read (RFC 9101)."""

    code = "request_not_supported"


class RequestURINotSupported(OAuthError):
    """Request objects are not fetched (RFC 9101)."""

    code = "request_uri_not_supported"


class TooManyRequests(OAuthError):
    """This client, or this address, has to wait (RFC 6585 section 4)."""

    code = "temporarily_unavailable"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, seconds: int) -> None:
        """`seconds` is after how long it may come back."""
        super().__init__(f"Too many requests. Come back in {seconds} seconds.")
        self.seconds = seconds


class SwitchedOff(AgentConnectorError):
    """The master switch is off: answered with 503, whatever was asked."""


class RulesUnreadable(AgentConnectorError):
    """The stored address rules are broken: nobody may come; answered with 503."""


class InvalidRedirectURI(OAuthError):
    """A redirect URI that may not be registered (RFC 7591 section 3.2.2)."""

    code = "invalid_redirect_uri"


class InvalidClientMetadata(OAuthError):
    """Client metadata that cannot be read (RFC 7591 section 3.2.2)."""

    code = "invalid_client_metadata"
