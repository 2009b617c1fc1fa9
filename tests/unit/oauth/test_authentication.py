"""The client of a token or revocation request."""

from __future__ import annotations

import base64

import pytest

from agent_connector.connections.secret import Prefix, digest_secret, mint_secret
from agent_connector.models import Client, ConnectorSettings, Throttle
from agent_connector.oauth.authentication import client_of, credentials_in
from agent_connector.oauth.errors import (
    AddressRefused,
    InvalidClient,
    InvalidRequest,
    SwitchedOff,
    TooManyRequests,
)
from agent_connector.oauth.form import Form
from agent_connector.oauth.limits import FAILURES
from tests.factories import NOON, make_client
from tests.statements import statements

pytestmark = pytest.mark.django_db

SECRET = mint_secret(Prefix.CLIENT_SECRET)
OTHER = mint_secret(Prefix.CLIENT_SECRET)
METHODS = ("none", "client_secret_basic", "client_secret_post")


def form_of(**values: str) -> Form:
    return Form(values=values, faults={})


def basic(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return "Basic " + base64.b64encode(raw).decode()


def find(
    authorization: str = "", *, address: str | None = "192.0.2.7", **values: str
) -> Client:
    return client_of(
        form_of(**values), authorization=authorization, now=NOON, address=address
    )


def confidential(method: str) -> Client:
    return make_client(auth_method=method, secret_digest=digest_secret(SECRET))


def prove(client: Client, method: str, secret: str = SECRET) -> Client:
    """Authenticate by this method, whatever the client's own is."""
    match method:
        case "client_secret_basic":
            return find(basic(f"{client.client_id}:{secret}"))
        case "client_secret_post":
            return find(client_id=client.client_id, client_secret=secret)
        case _:
            return find(client_id=client.client_id)


def test_a_public_client_is_known_by_its_id() -> None:
    client = make_client()

    assert find(client_id=client.client_id) == client


def test_another_scheme_says_nothing_about_the_client() -> None:
    client = make_client()

    assert find("Bearer x", client_id=client.client_id) == client


def test_an_unknown_client_is_told_to_register_again() -> None:
    with pytest.raises(InvalidClient, match="Register again") as refused:
        find(client_id="unknown")

    assert not refused.value.challenge


def test_no_client_at_all_is_a_bad_request() -> None:
    with pytest.raises(InvalidRequest, match="client_id is missing"):
        find()


@pytest.mark.spec("attacks", "54")
@pytest.mark.parametrize("own", METHODS)
@pytest.mark.parametrize("used", METHODS)
def test_a_client_is_known_by_the_method_that_it_registered_only(
    own: str, used: str
) -> None:
    client = make_client() if own == "none" else confidential(own)

    if used == own:
        assert prove(client, used) == client
        return
    with pytest.raises(InvalidClient) as refused:
        prove(client, used)
    assert refused.value.challenge is (used == "client_secret_basic")


@pytest.mark.spec("attacks", "54")
@pytest.mark.parametrize("method", METHODS[1:])
@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(OTHER, id="another"),
        pytest.param("", id="none"),
        pytest.param(SECRET[:-1], id="cut"),
        pytest.param(SECRET + "x", id="longer"),
        pytest.param("é", id="beyond ASCII"),
    ],
)
def test_a_wrong_secret_is_refused(method: str, secret: str) -> None:
    client = confidential(method)

    with pytest.raises(InvalidClient):
        prove(client, method, secret)


def test_showing_credentials_shows_no_secret() -> None:
    given = credentials_in(
        form_of(client_id="one", client_secret=SECRET), authorization=""
    )

    assert given.secret == SECRET
    assert SECRET not in repr(given)


@pytest.mark.spec("attacks", "54")
def test_a_client_whose_secret_was_lost_is_not_let_in_without_one() -> None:
    client = make_client(auth_method="client_secret_post", secret_digest=None)

    with pytest.raises(InvalidClient):
        prove(client, "client_secret_post")


@pytest.mark.spec("attacks", "54")
@pytest.mark.parametrize("name", ["client_secret", "client_assertion"])
def test_a_public_client_that_sends_a_secret_is_refused(name: str) -> None:
    client = make_client()

    with pytest.raises(InvalidClient, match="no secret"):
        find(client_id=client.client_id, **{name: "s"})


@pytest.mark.spec("attacks", "65")
def test_an_unknown_client_and_a_wrong_secret_are_answered_alike() -> None:
    known = confidential("client_secret_post")
    answers = []

    for client_id in (known.client_id, "unknown"):
        with statements() as seen, pytest.raises(InvalidClient) as refused:
            find(client_id=client_id, client_secret=OTHER)
        answers.append((refused.value.detail, refused.value.challenge, len(seen)))

    assert answers[0] == answers[1]


@pytest.mark.spec("attacks", "64")
def test_a_secret_with_a_bad_checksum_is_not_looked_up() -> None:
    client = confidential("client_secret_post")

    with statements() as seen, pytest.raises(InvalidClient):
        prove(client, "client_secret_post", SECRET[:-1])

    assert not any('FROM "agent_connector_client"' in sql for sql in seen)


def test_a_client_id_and_a_secret_may_be_percent_encoded_in_basic() -> None:
    client = confidential("client_secret_basic")
    encoded = client.client_id.replace("-", "%2D")

    assert find(basic(f"{encoded}:{SECRET.replace('_', '%5F')}")) == client


def test_basic_and_client_id_must_name_one_client() -> None:
    client = confidential("client_secret_basic")
    header = basic(f"{client.client_id}:{SECRET}")

    assert find(header, client_id=client.client_id) == client
    with pytest.raises(InvalidRequest, match="two clients"):
        find(header, client_id="another")


@pytest.mark.spec("attacks", "56")
@pytest.mark.parametrize(
    "authorization",
    [
        basic("client-1:secret"),
        basic("client-1:"),
        basic("no colon"),
        basic(b"\xff\xfe:x"),
        basic("%zz:%zz"),
        basic("%ff:x"),
        basic("\x00:x"),
        "Basic not base64!",
        "Basic ä",
        "basic  " + basic("a:b")[6:],
        "Basic ",
    ],
)
def test_basic_is_challenged_whatever_it_holds(authorization: str) -> None:
    with pytest.raises(InvalidClient) as refused:
        find(authorization)

    assert refused.value.challenge


@pytest.mark.parametrize(
    "authorization",
    [
        basic("no colon"),
        basic(b"\xff\xfe:x"),
        basic("%ff:x"),
        basic("x:%ff"),
        basic("\x00:x"),
        "Basic Y2xp!ZW50LTE6c2VjcmV0",
        "Basic ",
    ],
)
def test_a_basic_header_that_cannot_be_read_is_said_to_be_malformed(
    authorization: str,
) -> None:
    with pytest.raises(InvalidClient, match="malformed"):
        find(authorization)


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

    with pytest.raises(InvalidRequest, match="More than one way"):
        find(authorization, client_id=client.client_id, **values)


@pytest.mark.spec("L1")
def test_too_many_failures_are_put_off_and_what_is_right_never_is() -> None:
    client = confidential("client_secret_post")

    for _ in range(FAILURES.most):
        with pytest.raises(InvalidClient):
            prove(client, "client_secret_post", OTHER)

    with pytest.raises(TooManyRequests) as stopped:
        prove(client, "client_secret_post", OTHER)
    assert 0 < stopped.value.seconds <= 60
    assert prove(client, "client_secret_post", SECRET) == client
    with pytest.raises(InvalidClient):
        find(address="192.0.2.8", client_id=client.client_id, client_secret=OTHER)
    other = make_client()
    assert find(client_id=other.client_id) == other


@pytest.mark.spec("L1")
def test_made_up_client_ids_share_one_count() -> None:
    for number in range(FAILURES.most):
        with pytest.raises(InvalidClient):
            find(client_id=f"unknown {number}")

    with pytest.raises(TooManyRequests):
        find(client_id="another one")
    assert Throttle.objects.count() == 1


def test_what_succeeds_costs_one_statement_and_writes_nothing() -> None:
    client = confidential("client_secret_post")

    with statements() as seen:
        prove(client, "client_secret_post")

    assert len(seen) == 1


def test_no_client_is_known_while_the_server_is_switched_off() -> None:
    client = make_client()
    ConnectorSettings.objects.create(mcp_server_enabled=False)

    with pytest.raises(SwitchedOff):
        find(client_id=client.client_id)


@pytest.mark.parametrize(
    "proof", [{}, {"client_secret": SECRET}, {"client_secret": "x"}]
)
def test_who_may_not_come_leaves_no_row(proof: dict[str, str]) -> None:
    ConnectorSettings.objects.create(allowed_addresses="192.0.2.0/24")
    known = make_client().client_id

    for number in range(3):
        for client_id in (known, f"unknown {number}"):
            with pytest.raises(AddressRefused):
                find(
                    address=f"2001:db8:{number}::1",
                    client_id=client_id,
                    **proof,
                )

    assert not Throttle.objects.exists()


@pytest.mark.parametrize(
    "secret", [OTHER, "malformed"], ids=["well-formed", "malformed"]
)
def test_a_refusal_costs_the_same_whether_the_client_is_known(secret: str) -> None:
    known = confidential("client_secret_post").client_id
    costs = set()

    for client_id in (known, "unknown"):
        Throttle.objects.all().delete()
        with statements() as seen, pytest.raises(InvalidClient):
            find(client_id=client_id, client_secret=secret)
        costs.add(tuple(one.split()[0] for one in seen))

    assert len(costs) == 1
