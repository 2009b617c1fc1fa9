"""What arrives of a request, told to this very site when it asks itself from outside.

Question and answer are signed with the site's `SECRET_KEY` and count for five minutes:
nobody else can ask, and nobody else can answer. The answer holds no secret: of the
Authorization header it says only whether there was one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import get_random_string

from agent_connector.policy.address import address_of

HEADER = "X-Agent-Connector-Doctor"
_META_NAME = "HTTP_X_AGENT_CONNECTOR_DOCTOR"
_LIFETIME = timedelta(minutes=5)
_SIGNER_SALT = "agent_connector.policy.arrival"
_ANSWER_SALT = "agent_connector.policy.arrival.answer"
_MOST_CHARACTERS = 200
"""Of each fact, so that the answer fits into what proxies take as a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One request as the application saw it; "" where there was nothing."""

    question: str
    scheme: str
    """Whether the request counts as `https`, after all settings."""

    host: str
    """The header Host."""

    forwarded_proto: str
    forwarded_for: str
    peer: str
    """The address that the application's server was connected from."""

    peer_port: str
    address: str
    """Where the request comes from, as far as `TRUSTED_PROXIES` lets it be believed."""

    has_authorization: bool


def fresh_question() -> str:
    """Return the value of `HEADER` for one request."""
    return _signer().sign(get_random_string(16))


def asks_itself(meta: Mapping[str, Any]) -> bool:
    """Say whether this very site has sent the request: nobody else can sign it."""
    question = meta.get(_META_NAME)
    return _is_ours(question) if question else False


def arrival_headers(meta: Mapping[str, Any], *, scheme: str) -> dict[str, str]:
    """Return what to add to a response: nothing, unless this site itself has asked.

    What tells of one request is for that request: no cache may keep it.
    """
    if not asks_itself(meta):
        return {}
    told = _encoded(_arrival(meta, question=meta[_META_NAME], scheme=scheme))
    return {HEADER: told, "Cache-Control": "no-store"}


def read_arrival(text: str, *, question: str) -> Arrival | None:
    """Return the answer to this very question, or None: a cache has others'."""
    try:
        arrival = Arrival(**signing.loads(text, salt=_ANSWER_SALT, max_age=_LIFETIME))
    except (signing.BadSignature, TypeError):
        return None
    return arrival if arrival.question == question else None


def _arrival(meta: Mapping[str, Any], *, question: str, scheme: str) -> Arrival:
    def told(name: str) -> str:
        return str(meta.get(name) or "")[:_MOST_CHARACTERS]

    return Arrival(
        question=question,
        scheme=scheme,
        host=told("HTTP_HOST"),
        forwarded_proto=told("HTTP_X_FORWARDED_PROTO"),
        forwarded_for=told("HTTP_X_FORWARDED_FOR"),
        peer=told("REMOTE_ADDR"),
        peer_port=told("REMOTE_PORT"),
        address=address_of(meta) or "",
        has_authorization=bool(meta.get("HTTP_AUTHORIZATION")),
    )


def _encoded(arrival: Arrival) -> str:
    return signing.dumps(asdict(arrival), salt=_ANSWER_SALT)


def _is_ours(question: str) -> bool:
    try:
        _signer().unsign(question, max_age=_LIFETIME)
    except BadSignature:
        return False
    return True


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_SIGNER_SALT)
