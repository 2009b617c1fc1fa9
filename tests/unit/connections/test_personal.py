"""Personal access tokens: what the server enforces, whatever a page has offered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from agent_connector.connections import personal
from agent_connector.connections.personal import (
    PersonalToken,
    Wanted,
    issue_personal_token,
    may_issue,
)
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.revoke import revoke_connection, revoke_users
from agent_connector.connections.secret import Prefix, digest_secret, mint_secret
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import (
    Connection,
    ConnectorSettings,
    Event,
    MCPAccess,
    Token,
)
from agent_connector.policy.caller import Caller
from agent_connector.policy.rules import Denial, Verdict
from agent_connector.policy.settings import read_settings
from agent_connector.policy.site import resource_url
from tests.factories import (
    NOON,
    allow_personal_tokens,
    make_connection,
    make_personal,
    make_user,
)
from tests.statements import one_act, statements

pytestmark = pytest.mark.django_db


def verify(text: str, *, after: timedelta = timedelta(0)) -> Caller | Refusal:
    return verify_access_token(
        text, resource=resource_url(), now=NOON + after, address=None
    )


def issue(user: User, **wanted: Any) -> PersonalToken | Verdict:
    given = {"label": "report", "level": "read", "lifetime": timedelta(days=30)}
    return issue_personal_token(
        user,
        Wanted(resource=resource_url(), **{**given, **wanted}),
        actor=user,
        now=NOON,
        address="192.0.2.7",
    )


def denial_of(issued: PersonalToken | Verdict) -> Denial | None:
    assert isinstance(issued, Verdict)
    assert not Token.objects.exists()
    return issued.denial


def test_it_is_a_connection_of_its_own_listed_at_once_and_on_record() -> None:
    user = make_user()

    issued = make_personal(user, level="read", days=7, now=NOON)

    assert issued.text.startswith("acp_")
    connection = Connection.objects.listed().active(at=NOON).get()
    assert (connection.origin, connection.label) == ("personal", "nightly report")
    assert connection.client is None
    assert connection.expires_at == NOON + timedelta(days=7)
    assert connection.absolute_expires_at == connection.expires_at
    token = Token.objects.get()
    assert (token.kind, bytes(token.digest)) == (
        "personal",
        digest_secret(issued.text),
    )
    event = Event.objects.get()
    assert (event.kind, event.user, event.actor) == ("connection_opened", user, user)
    assert event.detail == "nightly report (read, personal access token)"


def test_it_is_known_by_its_last_letters_and_from_where_it_was_made() -> None:
    allow_personal_tokens()

    user = make_user()

    with one_act():
        issued = issue(user)

    assert isinstance(issued, PersonalToken)
    assert Token.objects.get().hint == issued.text[-4:]
    event = Event.objects.get()
    assert (event.connection, event.address) == (issued.connection, "192.0.2.7")
    assert issued.connection.created_from == "192.0.2.7"


def test_its_text_is_in_no_repr() -> None:
    issued = make_personal(make_user())

    assert issued.text not in f"{issued!r} {issued.connection!r}"


def test_it_calls_like_an_access_token_at_the_cost_of_one_statement() -> None:
    user = make_user()
    text = make_personal(user, now=NOON).text

    with statements() as seen:
        caller = verify(text)

    assert isinstance(caller, Caller)
    assert (caller.user, caller.level) == (user, "write")
    assert caller.client_name == "nightly report"
    assert len(seen) == 1


@pytest.mark.parametrize(("after_days", "problem"), [(29, None), (30, Problem.EXPIRED)])
def test_it_expires(after_days: int, problem: Problem | None) -> None:
    text = make_personal(make_user(), days=30, now=NOON).text

    answer = verify(text, after=timedelta(days=after_days))

    assert (answer.problem if isinstance(answer, Refusal) else None) is problem


def test_a_refresh_token_is_never_taken_for_a_personal_one() -> None:
    _, pair = make_connection(make_user(), now=NOON)
    disguised = mint_secret(Prefix.PERSONAL)
    Token.objects.filter(kind=Token.Kind.REFRESH).update(
        digest=digest_secret(disguised)
    )
    allow_personal_tokens()

    answers = [verify(pair.refresh), verify(disguised)]

    assert [one.problem for one in answers if isinstance(one, Refusal)] == [
        Problem.MALFORMED,
        Problem.UNKNOWN,
    ]


def test_switching_them_off_refuses_each_at_once_and_on_brings_them_back() -> None:
    text = make_personal(make_user(), now=NOON).text
    _, pair = make_connection(make_user(), now=NOON)

    ConnectorSettings.objects.update(personal_access_tokens=False)

    refused = verify(text)
    assert isinstance(refused, Refusal)
    assert refused.problem is Problem.NOT_ALLOWED
    assert refused.sentence.startswith("Personal access tokens are not allowed")
    assert isinstance(verify(pair.access), Caller)
    ConnectorSettings.objects.update(personal_access_tokens=True)
    assert isinstance(verify(text), Caller)


def test_revoking_disabling_and_deactivating_end_it() -> None:
    users = [make_user() for _ in range(3)]
    issued = [make_personal(user, now=NOON) for user in users]
    revoke_connection(
        issued[0].connection,
        reason=Connection.RevokedReason.LEAK,
        actor=None,
        now=NOON,
    )
    MCPAccess.objects.filter(user=users[1]).update(enabled=False)
    User.objects.filter(pk=users[2].pk).update(is_active=False)

    answers = [verify(one.text) for one in issued]

    assert [one.problem for one in answers if isinstance(one, Refusal)] == [
        Problem.REVOKED,
        Problem.DISABLED,
        Problem.NOT_STAFF,
    ]


def test_there_is_none_while_the_site_does_not_allow_them() -> None:
    assert denial_of(issue(make_user())) is Denial.NOT_ALLOWED


@pytest.mark.parametrize("enabled", [True, False])
def test_only_who_may_connect_gets_one(enabled: bool) -> None:  # noqa: FBT001
    allow_personal_tokens()
    user = make_user(enabled=enabled, is_staff=not enabled)

    expected = Denial.NOT_STAFF if enabled else Denial.DISABLED

    assert denial_of(issue(user)) is expected


@pytest.mark.parametrize(
    ("wanted", "denial"),
    [
        ({"lifetime": timedelta(days=90, seconds=1)}, Denial.TOO_LONG),
        ({"level": "delete"}, Denial.ABOVE_CEILING),
    ],
)
def test_maximum_and_ceiling_are_enforced_here(
    wanted: dict[str, Any], denial: Denial
) -> None:
    allow_personal_tokens(longest_days=90)
    user = make_user()
    MCPAccess.objects.update(ceiling="write")  # after `user` was read

    assert denial_of(issue(user, **wanted)) is denial


def test_the_longest_lifetime_is_allowed() -> None:
    allow_personal_tokens(longest_days=90)

    assert isinstance(issue(make_user(), lifetime=timedelta(days=90)), PersonalToken)


def test_a_switch_that_other_hands_turned_meanwhile_counts() -> None:
    allow_personal_tokens()
    user = make_user()
    MCPAccess.objects.update(enabled=False)

    assert denial_of(issue(user)) is Denial.DISABLED


def test_a_maximum_lowered_meanwhile_counts() -> None:
    allow_personal_tokens(longest_days=7)

    assert denial_of(issue(make_user(), lifetime=timedelta(days=30))) is Denial.TOO_LONG


def test_what_was_revoked_since_the_user_was_read_makes_none() -> None:
    allow_personal_tokens()
    user, _other = make_user(), make_user()
    revoke_users(
        [user.pk], reason=Connection.RevokedReason.PASSWORD, actor=None, now=NOON
    )

    assert denial_of(issue(user)) is Denial.DISABLED


def test_one_user_has_only_so_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "MOST_ACTIVE", 2)
    user = make_user()
    first = make_personal(user, now=NOON)
    make_connection(user, now=NOON)
    site = read_settings()
    one_more = may_issue(user, site=site, now=NOON)
    make_personal(user, now=NOON)
    make_personal(make_user(), now=NOON)

    full = may_issue(user, site=site, now=NOON)
    refused = issue(user)
    Connection.objects.filter(pk=first.connection.pk).update(
        expires_at=NOON, absolute_expires_at=NOON
    )

    assert one_more.allowed
    assert full.denial is Denial.TOO_MANY
    assert refused == full
    assert may_issue(user, site=site, now=NOON).allowed


def test_suspended_tokens_count_as_held() -> None:
    user = make_user()
    issued = make_personal(user)
    Connection.objects.filter(pk=issued.connection.pk).update(suspended_at=NOON)

    assert Connection.objects.standing(at=NOON).count() == 1
    assert Connection.objects.active(at=NOON).count() == 0
