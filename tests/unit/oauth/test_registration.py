"""Dynamic registration of clients."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.models import Client, Event
from agent_connector.oauth.errors import (
    InvalidClientMetadata,
    InvalidRedirectURI,
    OAuthError,
)
from agent_connector.oauth.registration import (
    Registration,
    description_of,
    register_client,
)
from tests.factories import NOON

pytestmark = pytest.mark.django_db

URIS = ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"]


def register(**metadata: Any) -> Client:
    return register_all(**metadata).client


def register_all(**metadata: Any) -> Registration:
    metadata.setdefault("redirect_uris", URIS)
    return register_client(metadata, now=NOON, address="192.0.2.7")


@pytest.mark.spec("RFC 7591", "3.2.1")
def test_the_answer_says_what_was_granted() -> None:
    given = register_all(client_name="Code", grant_types=["implicit", "password"])

    client = given.client
    assert description_of(given) == {
        "client_id": client.client_id,
        "client_id_issued_at": int(NOON.timestamp()),
        "client_name": "Code",
        "redirect_uris": URIS,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": "read write delete",
    }


def test_a_registration_is_stored_and_writes_nothing_that_stays() -> None:
    client = register(client_name="Code")

    stored = Client.objects.get(client_id=client.client_id)
    assert (stored.kind, stored.auth_method) == ("dynamic", "none")
    assert (stored.created_at, stored.created_from) == (NOON, "192.0.2.7")
    assert not Event.objects.exists()


def test_client_ids_are_random_and_never_shared() -> None:
    ids = {register(client_name="Same").client_id for _ in range(20)}

    assert len(ids) == 20
    assert all(len(one) == 32 for one in ids)


@pytest.mark.parametrize("method", ["none", None])
def test_a_client_is_a_public_one_unless_it_asks(method: str | None) -> None:
    given = register_all(token_endpoint_auth_method=method)

    assert given.client.auth_method == Client.AuthMethod.NONE
    assert given.client.secret_digest is None
    assert "client_secret" not in description_of(given)


@pytest.mark.spec("RFC 7591", "3.2.1")
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_client_that_asks_for_a_secret_gets_one_once(method: str) -> None:
    given = register_all(token_endpoint_auth_method=method)

    answer = description_of(given)
    stored = Client.objects.get()
    assert answer["token_endpoint_auth_method"] == stored.auth_method == method
    assert answer["client_secret_expires_at"] == 0
    assert is_well_formed(answer["client_secret"], Prefix.CLIENT_SECRET)
    assert bytes(stored.secret_digest or b"") == digest_secret(answer["client_secret"])
    assert answer["client_secret"] not in repr(given)


@pytest.mark.spec("attacks", "9")
@pytest.mark.parametrize("method", ["private_key_jwt", "tls_client_auth", "", "None"])
def test_an_unknown_method_is_refused(method: str) -> None:
    with pytest.raises(InvalidClientMetadata, match="is none of"):
        register(token_endpoint_auth_method=method)


@pytest.mark.spec("RFC 7591", "2")
def test_unknown_members_and_null_are_ignored() -> None:
    client = register(
        application_type="native",
        client_uri="https://example.com",
        logo_uri="http://169.254.169.254/",
        jwks={"keys": []},
        software_statement="x.y.z",
        scope=None,
        extension={"a": [1]},
    )

    assert client.name == "Unnamed client"


@pytest.mark.spec("attacks", "7")
@pytest.mark.parametrize(
    "metadata",
    [
        {"redirect_uris": "http://127.0.0.1/"},
        {"redirect_uris": [1]},
        {"redirect_uris": [None]},
        {"redirect_uris": [["http://127.0.0.1/"]]},
        {"redirect_uris": {"a": "b"}},
        {"client_name": 7},
        {"client_name": ["a"]},
        {"client_name": {}},
        {"scope": 7},
        {"scope": ["read"]},
        {"grant_types": "authorization_code"},
        {"grant_types": [7]},
        {"response_types": True},
        {"contacts": "me"},
        {"token_endpoint_auth_method": 1},
        {"token_endpoint_auth_method": []},
        {"logo_uri": 1},
        {"jwks": "x"},
        {"client_uri": 1},
        {"tos_uri": 1},
        {"policy_uri": 1},
        {"jwks_uri": 1},
        {"software_id": 1.5},
        {"software_version": 2},
        {"software_statement": {}},
        {"application_type": False},
    ],
)
def test_a_wrong_type_is_refused(metadata: dict[str, Any]) -> None:
    with pytest.raises(InvalidClientMetadata):
        register(**metadata)
    assert not Client.objects.exists()


@pytest.mark.spec("attacks", "6")
@pytest.mark.parametrize(
    "uris",
    [
        [],
        None,
        [f"https://example.com/{number}" for number in range(11)],
        ["https://example.com/", "javascript:alert(1)"],
        [""],
        ["\ud800"],
        ["http://127.0.0.1/\x00"],
    ],
)
def test_redirect_uris_that_cannot_be_used_are_refused(uris: list[str] | None) -> None:
    with pytest.raises(InvalidRedirectURI):
        register(redirect_uris=uris)
    assert not Client.objects.exists()


def test_ten_redirect_uris_are_enough_and_each_counts_once() -> None:
    uris = [f"https://example.com/{number}" for number in range(10)]

    assert register(redirect_uris=uris + uris[:3]).redirect_uris == uris


def test_the_answer_to_a_bad_uri_says_which_but_does_not_repeat_it() -> None:
    with pytest.raises(OAuthError) as refused:
        register(redirect_uris=["https://example.com/", "https://evil.example/#secret"])

    assert "number 2" in refused.value.detail
    assert "secret" not in refused.value.detail
