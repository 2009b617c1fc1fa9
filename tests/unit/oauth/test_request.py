"""An authorization request, read and judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from agent_connector.models import Client
from agent_connector.oauth.errors import InvalidTarget
from agent_connector.oauth.request import (
    AuthorizationRequest,
    DocumentNeeded,
    RefusedRequest,
    UnverifiedRequest,
    canonical_resource,
    parse_authorization_request,
    redirect_parameters,
)
from tests.authorization import STATE, authorize_url
from tests.factories import CHALLENGE, NOON, REDIRECT_URI, make_client

pytestmark = pytest.mark.django_db

RESOURCE = "https://example.com/mcp"
URL = "https://client.example/about/client.json"


def parse(
    client: Client, more: str = "", **changes: str | None
) -> AuthorizationRequest:
    query = authorize_url(client, **changes).partition("?")[2] + more
    return parse_authorization_request(
        query, resource=RESOURCE, documents=True, now=NOON
    )


def test_a_sound_request_is_understood() -> None:
    client = make_client()

    assert parse(client, resource=RESOURCE) == AuthorizationRequest(
        client=client,
        redirect_uri=REDIRECT_URI,
        state=STATE,
        challenge=CHALLENGE,
        level="delete",  # type: ignore[arg-type]  # a StrEnum equals its value
        resource=RESOURCE,
    )


@pytest.mark.parametrize(
    ("scope", "level"),
    [
        (None, "delete"),
        ("", "delete"),
        ("read", "read"),
        ("write", "write"),
        ("read write", "write"),
        ("delete  read", "delete"),
        ("read offline_access", "read"),
        ("offline_access", "delete"),
    ],
)
def test_the_widest_scope_counts_and_none_asks_for_all(
    scope: str | None, level: str
) -> None:
    assert parse(make_client(), scope=scope).level == level


@pytest.mark.parametrize("prompt", ["login", "consent", "select_account consent"])
def test_other_prompts_change_nothing_because_a_person_is_always_asked(
    prompt: str,
) -> None:
    assert parse(make_client(), prompt=prompt, response_mode="query").state == STATE


@pytest.mark.spec("RFC 8707", "2")
@pytest.mark.parametrize("given", ["", RESOURCE, RESOURCE + "/"])
def test_the_resource_is_ours_by_name_or_by_default(given: str) -> None:
    assert canonical_resource(given, ours=RESOURCE) == RESOURCE


@pytest.mark.spec("attacks", "31")
@pytest.mark.parametrize(
    "given",
    [
        "https://example.com",
        "https://example.com/",
        "https://example.com/mcp//",
        "https://example.com/mcp/x",
        "https://example.com/MCP",
        "https://example.com:443/mcp",
        "https://evil.example/mcp",
        "https://example.com/mcp?x=1",
        "https://example.com/mcp#x",
        "mcp",
    ],
)
def test_any_other_resource_is_refused(given: str) -> None:
    with pytest.raises(InvalidTarget):
        canonical_resource(given, ours=RESOURCE)


@pytest.mark.spec("attacks", "25")
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"client_id": ""},
        {"client_id": "x" * 2001},
        {"client_id": "nul\x00"},
        {"redirect_uri": None},
        {"redirect_uri": ""},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": REDIRECT_URI + "/"},
        {"redirect_uri": REDIRECT_URI + "\r\n"},
    ],
)
def test_without_a_client_and_its_redirect_uri_nothing_holds(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(UnverifiedRequest):
        parse(make_client(), **changes)


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_repeated_client_or_redirect_uri_does_not_hold_either(name: str) -> None:
    client = make_client()
    value = {"client_id": client.client_id, "redirect_uri": REDIRECT_URI}[name]

    with pytest.raises(UnverifiedRequest):
        parse(client, more=f"&{name}={value}")


def test_a_blocked_client_is_told_so() -> None:
    with pytest.raises(UnverifiedRequest, match="blocked"):
        parse(make_client(trust=Client.Trust.BLOCKED))


@pytest.mark.spec("attacks", "28 to 33")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": "CODE"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"scope": "read admin"}, "invalid_scope"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "READ"}, "invalid_scope"),
        ({"resource": "https://evil.example/mcp"}, "invalid_target"),
        ({"state": "x" * 2001}, "invalid_request"),
        ({"state": "a\r\nSet-Cookie: b"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://example.com/r"}, "request_uri_not_supported"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"prompt": "none"}, "interaction_required"),
        ({"prompt": "login none"}, "interaction_required"),
    ],
)
def test_anything_else_is_told_to_the_client(
    changes: dict[str, Any], code: str
) -> None:
    client = make_client()

    with pytest.raises(RefusedRequest) as refused:
        parse(client, **changes)

    assert refused.value.error.code == code
    assert refused.value.client == client
    assert refused.value.redirect_uri == REDIRECT_URI
    assert refused.value.state == ("" if "state" in changes else STATE)


@pytest.mark.parametrize(
    "more",
    [
        "&state=a",
        "&scope=read",
        f"&code_challenge={CHALLENGE}",
        "&response_type=code",
        f"&resource={RESOURCE}&resource={RESOURCE}",
        "&prompt=%ff",
    ],
)
def test_a_repeated_or_broken_parameter_is_told_to_the_client(more: str) -> None:
    with pytest.raises(RefusedRequest) as refused:
        parse(make_client(), more=more)

    assert refused.value.error.code == "invalid_request"


def test_a_client_of_a_document_that_nobody_read_yet_asks_for_it() -> None:
    with pytest.raises(DocumentNeeded) as needed:
        parse(make_client(), client_id=URL)

    assert needed.value.client.client_id == URL


@pytest.mark.parametrize(
    ("until", "counts"),
    [(None, False), (NOON, False), (NOON + timedelta(seconds=1), True)],
)
def test_a_document_counts_until_its_very_moment(
    until: datetime | None, *, counts: bool
) -> None:
    kind = Client.Kind.DOCUMENT
    client = make_client(client_id=URL, kind=kind, document_expires_at=until)

    if counts:
        assert parse(client).client == client
        return
    with pytest.raises(DocumentNeeded):
        parse(client)


def test_without_documents_a_client_of_one_is_unknown() -> None:
    query = authorize_url(make_client(), client_id=URL).partition("?")[2]

    with pytest.raises(UnverifiedRequest, match="not registered"):
        parse_authorization_request(query, resource=RESOURCE, documents=False, now=NOON)


@pytest.mark.spec("RFC 9207", "2")
def test_every_answer_carries_the_issuer_and_the_state_if_there_was_one() -> None:
    issuer = "https://example.com"

    assert redirect_parameters({"code": "c"}, state="s", issuer=issuer) == {
        "code": "c",
        "state": "s",
        "iss": issuer,
    }
    assert "state" not in redirect_parameters({"code": "c"}, state="", issuer=issuer)
