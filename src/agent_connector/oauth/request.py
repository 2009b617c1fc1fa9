"""Read and judge an authorization request (RFC 6749 section 4.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agent_connector.errors import AgentConnectorError
from agent_connector.models import Client
from agent_connector.oauth.document_client import document_client
from agent_connector.oauth.errors import (
    InteractionRequired,
    InvalidRequest,
    InvalidScope,
    InvalidTarget,
    OAuthError,
    RequestNotSupported,
    RequestURINotSupported,
    UnsupportedResponseType,
)
from agent_connector.oauth.form import Form, parse_form
from agent_connector.oauth.pkce import METHOD, is_challenge
from agent_connector.oauth.redirects import matches
from agent_connector.policy.scopes import (
    ALL_SCOPES,
    Scope,
    UnknownScope,
    level_of,
    parse_scopes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

KNOWN = frozenset(
    {
        *("client_id", "redirect_uri", "response_type", "response_mode", "state"),
        *("scope", "resource", "code_challenge", "code_challenge_method"),
        *("prompt", "request", "request_uri"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """A sound request: only a person's decision is missing."""

    client: Client
    redirect_uri: str
    state: str
    """Echoed unchanged; "" when the client sent none."""

    challenge: str
    level: Scope
    """The widest scope that the client asks for."""

    resource: str


class UnverifiedRequest(AgentConnectorError):
    """Client or redirect URI do not hold, so nothing may be sent anywhere.

    The message is a translated sentence for the person in front of the browser.
    """


class DocumentNeeded(AgentConnectorError):
    """The client's document is to be fetched first, for a person who may connect.

    `client` is what is known without it, stored or not; its redirect URIs do not
    count any more.
    """

    def __init__(self, client: Client) -> None:
        super().__init__(client.client_id)
        self.client = client


class RefusedRequest(AgentConnectorError):
    """The client is to be told by redirect what was wrong."""

    def __init__(
        self, error: OAuthError, *, client: Client, redirect_uri: str, state: str
    ) -> None:
        super().__init__(error.detail)
        self.error = error
        self.client = client
        self.redirect_uri = redirect_uri
        self.state = state


def parse_authorization_request(
    query: str, *, resource: str, documents: bool, now: datetime
) -> AuthorizationRequest:
    """Judge the query string of an authorization request; `resource` is ours.

    `documents` says whether client ID metadata documents are in use here.

    Raises:
        DocumentNeeded: nothing fresh is known of the client; fetch and ask again.
        UnverifiedRequest: unknown or blocked client, or not one of its redirect
            URIs. Show a page; never redirect (RFC 9700 section 4.11).
        RefusedRequest: anything else that is wrong.
    """
    form = parse_form(query, known=KNOWN)
    client = _client_in(form, documents=documents, now=now)
    redirect_uri = _redirect_uri_in(form, client)
    state = form.get("state")
    try:
        form.refuse_faults()
        _refuse_extensions(form)
        return AuthorizationRequest(
            client=client,
            redirect_uri=redirect_uri,
            state=state,
            challenge=_challenge_in(form),
            level=level_in(form) or ALL_SCOPES[-1],  # to name none asks for all
            resource=canonical_resource(form.get("resource"), ours=resource),
        )
    except OAuthError as error:
        raise RefusedRequest(
            error, client=client, redirect_uri=redirect_uri, state=state
        ) from error


def redirect_parameters(
    answer: Mapping[str, str], *, state: str, issuer: str
) -> dict[str, str]:
    """Return what every redirect to a client carries (RFC 9207 section 2)."""
    return {**answer, **({"state": state} if state else {}), "iss": issuer}


def canonical_resource(given: str, *, ours: str) -> str:
    """Return the resource that a request means: ours, or ours by default.

    One final slash is our endpoint's other spelling (`/mcp/`), nothing more.

    Raises:
        InvalidTarget: another resource was named (RFC 8707 section 2).
    """
    if given and given.removesuffix("/") != ours:
        raise InvalidTarget(f"The only resource here is {ours}")
    return ours


def _client_in(form: Form, *, documents: bool, now: datetime) -> Client:
    client_id = form.get("client_id")
    stored = Client.objects.filter(client_id=client_id or None).first()
    client = stored or document_client(client_id)
    by_document = client is not None and client.kind == Client.Kind.DOCUMENT
    if client is None or (by_document and not documents):
        raise UnverifiedRequest(
            _("The program that sent you here is not registered at this site.")
        )
    if client.trust == Client.Trust.BLOCKED:
        raise UnverifiedRequest(
            _("An administrator of this site has blocked this program.")
        )
    if by_document and (client.document_expires_at or now) <= now:
        raise DocumentNeeded(client)
    return client


def _redirect_uri_in(form: Form, client: Client) -> str:
    redirect_uri = form.get("redirect_uri")
    if not redirect_uri or not matches(redirect_uri, registered=client.redirect_uris):
        raise UnverifiedRequest(
            _(
                "The program wants the answer at an address that it did not register"
                " at this site."
            )
        )
    return redirect_uri


def _refuse_extensions(form: Form) -> None:
    """Refuse what would change the meaning of a request if it were ignored."""
    if form.get("request"):
        raise RequestNotSupported("Request objects are not supported.")
    if form.get("request_uri"):
        raise RequestURINotSupported("Request objects are not supported.")
    if form.get("response_mode") not in {"", "query"}:
        raise InvalidRequest("The only response_mode here is query.")
    if "none" in form.get("prompt").split(" "):
        raise InteractionRequired("A person is always asked here.")
    if form.require("response_type") != "code":
        raise UnsupportedResponseType("The only response_type here is code.")


def _challenge_in(form: Form) -> str:
    challenge = form.require("code_challenge")
    if form.get("code_challenge_method") != METHOD:
        raise InvalidRequest(f"code_challenge_method must be {METHOD}.")
    if not is_challenge(challenge):
        raise InvalidRequest("code_challenge must be 43 characters of base64url.")
    return challenge


def level_in(form: Form) -> Scope | None:
    """Return the widest scope asked for; None: the request names none.

    Raises:
        InvalidScope: one is unknown.
    """
    try:
        return level_of(parse_scopes(form.get("scope")))
    except UnknownScope as error:
        known = " ".join(ALL_SCOPES)
        raise InvalidScope(f"Unknown scope. Known are: {known}.") from error
