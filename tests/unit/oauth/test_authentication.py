"""The client of a token or revocation request."""

from __future__ import annotations

import base64

import pytest

from agent_connector.models import Client
from agent_connector.oauth.authentication import client_of
from agent_connector.oauth.errors import InvalidClient, InvalidRequest
from agent_connector.oauth.form import Form
from tests.factories import make_client

pytestmark = pytest.mark.django_db


def form_of(**values: str) -> Form:
    return Form(values=values, faults={})


def basic(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return "Basic " + base64.b64encode(raw).decode()


def test_a_public_client_is_known_by_its_id() -> None:
    client = make_client()

    assert client_of(form_of(client_id=client.client_id), authorization="") == client


def test_another_scheme_says_nothing_about_the_client() -> None:
    client = make_client()
    form = form_of(client_id=client.client_id)

    assert client_of(form, authorization="Bearer x") == client


def test_an_unknown_client_is_told_to_register_again() -> None:
    with pytest.raises(InvalidClient, match="Register again") as refused:
        client_of(form_of(client_id="unknown"), authorization="")

    assert not refused.value.challenge


def test_no_client_at_all_is_a_bad_request() -> None:
    with pytest.raises(InvalidRequest, match="client_id is missing"):
        client_of(form_of(), authorization="")


@pytest.mark.spec("attacks", "54")
@pytest.mark.parametrize("name", ["client_secret", "client_assertion"])
def test_a_public_client_that_sends_a_secret_is_refused(name: str) -> None:
    client = make_client()

    with pytest.raises(InvalidClient, match="no secret"):
        client_of(form_of(client_id=client.client_id, **{name: "s"}), authorization="")


def test_a_client_that_ought_to_have_a_secret_is_refused_without_one() -> None:
    client = make_client(auth_method=Client.AuthMethod.SECRET_POST)

    with pytest.raises(InvalidClient):
        client_of(form_of(client_id=client.client_id), authorization="")


@pytest.mark.spec("attacks", "56")
@pytest.mark.parametrize(
    "authorization",
    [
        basic("client-1:secret"),
        basic("client-1:"),
        basic("no colon"),
        basic(b"\xff\xfe:x"),
        basic("%zz:%zz"),
        "Basic not base64!",
        "Basic ä",
        "basic  " + basic("a:b")[6:],
        "Basic ",
    ],
)
def test_basic_is_challenged_whatever_it_holds(authorization: str) -> None:
    with pytest.raises(InvalidClient) as refused:
        client_of(form_of(), authorization=authorization)

    assert refused.value.challenge


@pytest.mark.spec("attacks", "55")
@pytest.mark.parametrize(
    ("values", "authorization"),
    [
        ({"client_secret": "s"}, basic("a:b")),
        ({"client_secret": "s", "client_assertion": "j"}, ""),
    ],
)
def test_two_ways_at_once_are_a_bad_request(
    values: dict[str, str], authorization: str
) -> None:
    client = make_client()
    form = form_of(client_id=client.client_id, **values)

    with pytest.raises(InvalidRequest):
        client_of(form, authorization=authorization)
