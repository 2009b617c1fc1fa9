"""Verifying: one statement a request, and every reason for which it says no."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.secret import Prefix, digest_secret, mint_secret
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import (
    Client,
    Connection,
    ConnectorSettings,
    MCPAccess,
    Token,
)
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.factories import NOON, make_connection, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db


def verify(text: str, *, resource: str = "", now: datetime = NOON) -> Caller | Refusal:
    return verify_access_token(
        text, resource=resource or resource_url(), now=now, address="192.0.2.9"
    )


def problem_of(answer: Caller | Refusal) -> Problem:
    assert isinstance(answer, Refusal)
    return answer.problem


def access_token(level: str = "write") -> str:
    return make_connection(make_user(), level=level, now=NOON)[1].access


def test_a_live_token_tells_who_calls() -> None:
    user = make_user()
    connection, pair = make_connection(user, now=NOON)

    caller = verify(pair.access)

    assert isinstance(caller, Caller)
    assert caller.user == user
    assert caller.connection == connection
    assert (caller.level, caller.address) == ("write", "192.0.2.9")


def test_on_a_site_that_agents_may_not_change_a_token_reads() -> None:
    text = access_token("write")
    ConnectorSettings.objects.create(agents_may_change_data=False)

    caller = verify(text)

    assert isinstance(caller, Caller)
    assert (caller.level, caller.may_change) == ("read", False)


def test_verifying_takes_one_statement_and_what_follows_none() -> None:
    text = access_token()
    verify(text)  # the first use is written down

    with statements() as seen:
        caller = verify(text)
        assert isinstance(caller, Caller)
        assert caller.user.mcp_access.enabled
        assert caller.client_name

    assert len(seen) == 1


def test_the_first_use_is_written_once_in_one_statement() -> None:
    text = access_token()

    with statements() as first:
        verify(text, now=NOON + timedelta(minutes=1))
    with statements() as second:
        verify(text, now=NOON + timedelta(minutes=2))

    assert [sql.split()[0] for sql in first] == ["SELECT", "UPDATE"]
    assert [sql.split()[0] for sql in second] == ["SELECT"]
    token = Token.objects.get(first_used_at__isnull=False)
    assert bytes(token.digest) == digest_secret(text)
    assert token.first_used_at == NOON + timedelta(minutes=1)


def test_a_refused_use_is_not_written() -> None:
    text = access_token()

    verify(text, now=NOON + timedelta(days=1))
    verify(text, resource="https://elsewhere.example/mcp")

    assert not Token.objects.filter(first_used_at__isnull=False).exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "junk",
        "aca_" + "0" * 46,
        "aca_" + "0" * 1_000_000,
        "aca_\x00",
        "aca_\ud800" + "0" * 45,
    ],
)
def test_a_malformed_token_costs_no_statement(text: str) -> None:
    with statements() as seen:
        answer = verify(text)

    assert problem_of(answer) is Problem.MALFORMED
    assert seen == []


@pytest.mark.parametrize("prefix", [Prefix.REFRESH, Prefix.CODE, Prefix.CLIENT_SECRET])
def test_secrets_of_other_kinds_are_malformed_here(prefix: Prefix) -> None:
    assert problem_of(verify(mint_secret(prefix))) is Problem.MALFORMED


def test_a_refresh_token_never_calls() -> None:
    _, pair = make_connection(make_user(), now=NOON)

    assert problem_of(verify(pair.refresh)) is Problem.MALFORMED


def test_a_row_of_a_refresh_token_never_calls_whatever_its_text() -> None:
    text = access_token()
    Token.objects.filter(digest=digest_secret(text)).update(kind=Token.Kind.REFRESH)

    assert problem_of(verify(text)) is Problem.UNKNOWN


def test_an_unknown_token_is_refused() -> None:
    assert problem_of(verify(mint_secret(Prefix.ACCESS))) is Problem.UNKNOWN


@pytest.mark.spec("RFC 8707", "2")
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda resource: resource + "/", id="slash"),
        pytest.param(lambda resource: resource + "2", id="longer"),
        pytest.param(lambda resource: resource[:-1], id="shorter"),
        pytest.param(lambda resource: resource.upper(), id="case"),
        pytest.param(lambda _: "https://elsewhere.example/mcp", id="another site"),
    ],
)
def test_a_token_for_another_resource_is_refused(spoil: Any) -> None:
    answer = verify(access_token(), resource=spoil(resource_url()))

    assert problem_of(answer) is Problem.WRONG_RESOURCE


@pytest.mark.parametrize(("seconds", "live"), [(3599, True), (3600, False)])
def test_an_access_token_expires_after_its_lifetime(
    seconds: int, *, live: bool
) -> None:
    answer = verify(access_token(), now=NOON + timedelta(seconds=seconds))

    assert isinstance(answer, Caller) is live
    if not live:
        assert problem_of(answer) is Problem.EXPIRED


@pytest.mark.parametrize("end", ["expires_at", "absolute_expires_at"])
def test_a_token_ends_with_its_connection(end: str) -> None:
    text = access_token()
    Connection.objects.update(**{end: NOON + timedelta(minutes=5)})

    answer = verify(text, now=NOON + timedelta(minutes=5))

    assert problem_of(answer) is Problem.EXPIRED


def test_what_is_changed_in_the_database_counts_at_the_next_call() -> None:
    user = make_user()
    text = make_connection(user, now=NOON)[1].access
    users = type(user).objects.filter(pk=user.pk)

    for changes in ({"is_active": False}, {"is_staff": False}):
        users.update(**changes)
        assert problem_of(verify(text)) is Problem.NOT_STAFF
        users.update(is_active=True, is_staff=True)
        assert isinstance(verify(text), Caller)


def test_a_disabled_user_is_refused() -> None:
    text = access_token()
    MCPAccess.objects.update(enabled=False)

    assert problem_of(verify(text)) is Problem.DISABLED


def test_a_user_without_a_row_is_refused() -> None:
    text = access_token()
    MCPAccess.objects.all().delete()

    assert problem_of(verify(text)) is Problem.DISABLED


def test_a_connection_opened_under_an_older_epoch_is_dead() -> None:
    text = access_token()
    MCPAccess.objects.update(epoch=1)

    assert problem_of(verify(text)) is Problem.REVOKED
    assert not Connection.objects.active(at=NOON).exists()


def test_a_blocked_client_is_refused() -> None:
    text = access_token()
    Client.objects.update(trust=Client.Trust.BLOCKED)

    assert problem_of(verify(text)) is Problem.BLOCKED
    assert not Connection.objects.active(at=NOON).exists()


def test_nothing_is_left_when_the_user_is_deleted() -> None:
    user = make_user()
    text = make_connection(user, now=NOON)[1].access

    user.delete()

    assert problem_of(verify(text)) is Problem.UNKNOWN


@pytest.mark.parametrize(
    ("level", "token_level", "ceiling", "effective"),
    [
        ("delete", "", "delete", "delete"),
        ("delete", "read", "delete", "read"),
        ("delete", "", "write", "write"),
        ("read", "delete", "delete", "read"),
        ("delete", "write", "read", "read"),
    ],
)
def test_the_least_of_connection_token_and_ceiling_counts(
    level: str, token_level: str, ceiling: str, effective: str
) -> None:
    text = access_token(level)
    Token.objects.update(level=token_level)
    MCPAccess.objects.update(ceiling=ceiling)

    caller = verify(text)

    assert isinstance(caller, Caller)
    assert caller.level == effective


def test_code_that_sets_a_switch_counts_at_the_next_call(settings: Any) -> None:
    text = access_token()
    plain = settings.AGENT_CONNECTOR
    before = verify(text)

    settings.AGENT_CONNECTOR = {**plain, "MCP_SERVER_ENABLED": False}
    during = verify(text)
    settings.AGENT_CONNECTOR = plain
    ConnectorSettings.objects.create(mcp_server_enabled=False)
    after = verify(text)

    assert isinstance(before, Caller)
    assert problem_of(during) is Problem.SWITCHED_OFF
    assert problem_of(after) is Problem.SWITCHED_OFF
