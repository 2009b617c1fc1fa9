"""Attacks 66 to 78: tokens are renewed by their client, and given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.connections.issue import TokenPair
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Client, Connection, Event, Token
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.authorization import REVOKE, ask_refresh, post_form
from tests.factories import make_admin, make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user("jane")


@pytest.fixture
def program() -> Client:
    return make_client("Codex")


@pytest.fixture
def pair(user: User, program: Client) -> TokenPair:
    return make_connection(user, program)[1]


def works(access: str) -> bool:
    caller = verify_access_token(
        access, resource=resource_url(), now=timezone.now(), address=None
    )
    return isinstance(caller, Caller)


def refresh(program: Client, text: str, **fields: str) -> Any:
    return ask_refresh(
        Browser(), client_id=program.client_id, refresh_token=text, **fields
    )


def assert_error(response: Any, error: str) -> None:
    assert response.status_code == 400
    assert response.json()["error"] == error
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.spec("attacks", "66")
def test_each_refresh_brings_a_new_pair(program: Client, pair: TokenPair) -> None:
    texts = [pair.refresh]
    for _ in range(3):
        answer = refresh(program, texts[-1]).json()
        texts.append(answer["refresh_token"])
        assert works(answer["access_token"])

    assert len(set(texts)) == 4
    assert Connection.objects.count() == 1


@pytest.mark.spec("attacks", "67")
@pytest.mark.parametrize("scope", ["", "read", "read write"])
def test_a_repeated_refresh_is_answered_with_the_same_pair(
    program: Client, pair: TokenPair, scope: str
) -> None:
    first = refresh(program, pair.refresh)
    assert works(first.json()["access_token"])

    again = refresh(program, pair.refresh, scope=scope, resource=resource_url())

    assert again.status_code == 200
    given, repeated = first.json(), again.json()
    assert 0 <= given.pop("expires_in") - repeated.pop("expires_in") <= 30
    assert repeated == given
    assert again.headers["Cache-Control"] == "no-store"


@pytest.mark.spec("attacks", "60 and 67")
def test_a_foreign_resource_is_refused_within_the_grace_and_costs_nothing(
    program: Client, pair: TokenPair
) -> None:
    first = refresh(program, pair.refresh).json()

    foreign = refresh(program, pair.refresh, resource="https://evil.example/mcp")

    assert_error(foreign, "invalid_target")
    assert works(first["access_token"])


@pytest.mark.spec("attacks", "68")
def test_a_lost_answer_is_made_good_after_the_grace(
    program: Client, pair: TokenPair
) -> None:
    lost = refresh(program, pair.refresh).json()
    _let_time_pass(timedelta(minutes=10))

    found = refresh(program, pair.refresh)

    assert found.status_code == 200
    assert works(found.json()["access_token"])
    assert not works(lost["access_token"])


@pytest.mark.spec("attacks", "69")
def test_after_the_grace_a_pair_that_was_seen_makes_it_reuse(
    program: Client, pair: TokenPair
) -> None:
    second = refresh(program, pair.refresh).json()
    assert works(second["access_token"])
    _let_time_pass(timedelta(minutes=10))

    assert_error(refresh(program, pair.refresh), "invalid_grant")
    assert not works(second["access_token"])
    assert Event.objects.filter(kind=Event.Kind.REFRESH_REUSED).count() == 1


def _let_time_pass(span: timedelta) -> None:
    """Make the refresh tokens that were used look as if it had been earlier."""
    Token.objects.filter(used_at__isnull=False).update(
        used_at=F("used_at") - span, first_used_at=F("first_used_at") - span
    )


@pytest.mark.spec("attacks", "69")
def test_a_reused_refresh_token_ends_the_connection(
    program: Client, pair: TokenPair
) -> None:
    second = refresh(program, pair.refresh).json()
    third = refresh(program, second["refresh_token"]).json()

    reuse = refresh(program, pair.refresh)

    assert_error(reuse, "invalid_grant")
    assert not works(third["access_token"])
    assert_error(refresh(program, third["refresh_token"]), "invalid_grant")
    assert Connection.objects.get().revoked_reason == "reuse"
    assert Event.objects.filter(kind=Event.Kind.REFRESH_REUSED).count() == 1


@pytest.mark.spec("attacks", "71")
def test_another_clients_refresh_token_is_unknown(
    program: Client, pair: TokenPair
) -> None:
    foreign = refresh(make_client(), pair.refresh)
    unknown = refresh(program, "acr_unknown")

    assert_error(foreign, "invalid_grant")
    assert foreign.content == unknown.content
    assert refresh(program, pair.refresh).status_code == 200


@pytest.mark.spec("attacks", "72")
def test_wider_is_refused_narrower_is_narrower(
    program: Client, pair: TokenPair
) -> None:
    assert_error(refresh(program, pair.refresh, scope="read delete"), "invalid_scope")
    assert_error(refresh(program, pair.refresh, scope="root"), "invalid_scope")

    assert refresh(program, pair.refresh, scope="read").json()["scope"] == "read"


def test_the_granted_scopes_may_be_repeated(program: Client, pair: TokenPair) -> None:
    answer = refresh(
        program, pair.refresh, scope=pair.scope, resource=resource_url()
    ).json()

    assert answer["scope"] == pair.scope == "read write"


@pytest.mark.spec("attacks", "73")
@pytest.mark.parametrize(
    "end",
    ["revoked", "blocked", "disabled", "inactive", "not staff", "idle", "absolute"],
)
def test_what_has_ended_is_not_refreshed(
    user: User, program: Client, pair: TokenPair, end: str
) -> None:
    past = timezone.now() - timedelta(seconds=1)
    connection = Connection.objects.filter(user=user)
    match end:
        case "revoked":
            connection.update(
                revoked_at=past, revoked_reason="admin", revoked_by=make_admin("ada")
            )
        case "blocked":
            Client.objects.update(trust=Client.Trust.BLOCKED)
        case "disabled":
            user.mcp_access.enabled = False
            user.mcp_access.save()
        case "inactive":
            User.objects.update(is_active=False)
        case "not staff":
            User.objects.update(is_staff=False)
        case "idle":
            connection.update(expires_at=past)
        case _:
            connection.update(absolute_expires_at=past)

    response = refresh(program, pair.refresh)

    assert_error(response, "invalid_grant")
    if end == "revoked":
        assert "Revoked by ada" in response.json()["error_description"]


@pytest.mark.spec("attacks", "74")
def test_another_clients_token_is_not_revoked(program: Client, pair: TokenPair) -> None:
    response = post_form(
        Browser(), REVOKE, token=pair.access, client_id=make_client().client_id
    )

    assert response.status_code == 200
    assert works(pair.access)


@pytest.mark.spec("attacks", "75")
@pytest.mark.parametrize(
    ("token", "hint"),
    [("unknown", None), ("acr_" + "x" * 46, "refresh_token"), ("x", "odd-hint")],
)
def test_an_unknown_token_is_fine(
    program: Client, pair: TokenPair, token: str, hint: str | None
) -> None:
    response = post_form(
        Browser(),
        REVOKE,
        token=token,
        token_type_hint=hint,
        client_id=program.client_id,
    )

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert works(pair.access)


@pytest.mark.spec("attacks", "76")
def test_a_missing_token_is_a_bad_request(program: Client) -> None:
    assert_error(
        post_form(Browser(), REVOKE, client_id=program.client_id), "invalid_request"
    )


@pytest.mark.spec("attacks", "77 and 78")
@pytest.mark.parametrize("kind", ["access", "refresh"])
@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "odd"])
def test_either_token_ends_the_whole_connection_whatever_the_hint(
    program: Client, pair: TokenPair, kind: str, hint: str | None
) -> None:
    response = post_form(
        Browser(),
        REVOKE,
        token=getattr(pair, kind),
        token_type_hint=hint,
        client_id=program.client_id,
    )

    assert response.status_code == 200
    assert not works(pair.access)
    assert_error(refresh(program, pair.refresh), "invalid_grant")
    assert Connection.objects.get().revoked_reason == "client"


@pytest.mark.spec("RFC 7009", "2.1")
def test_a_revocation_by_an_unknown_client_is_401(pair: TokenPair) -> None:
    response = post_form(Browser(), REVOKE, token=pair.access, client_id="unknown")

    assert response.status_code == 401
    assert response.json()["error"] == "invalid_client"
    assert works(pair.access)


def test_whoever_holds_a_token_may_give_it_back_without_naming_the_client(
    pair: TokenPair,
) -> None:
    response = post_form(Browser(), REVOKE, token=pair.refresh)

    assert response.status_code == 200
    assert not works(pair.access)


def test_a_secret_at_the_revocation_endpoint_is_refused(pair: TokenPair) -> None:
    response = post_form(Browser(), REVOKE, token=pair.access, client_secret="s")

    assert response.status_code == 400
    assert works(pair.access)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_revocation_endpoint_is_posted_to(method: str) -> None:
    assert Browser().generic(method, REVOKE).status_code == 405
