"""A real connection: tried as clients do, on record, and nothing of it left alive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agent_connector.audit.lines import line_of, timeline_of
from agent_connector.connections.access import disable_access
from agent_connector.doctor.finding import Finding, Result
from agent_connector.doctor.round_trip import STEPS, probe_connection
from agent_connector.doctor.trial_client import CLIENT_NAME
from agent_connector.doctor.wire import Answer, NoAnswer, Silence
from agent_connector.models import (
    Client,
    Connection,
    ConnectorSettings,
    Event,
    Token,
    ToolCall,
)
from agent_connector.notices.send import send_due_notices
from tests.doctoring import Request, as_of, by_id, examination
from tests.factories import NOON, make_admin, make_connection, make_user

pytestmark = pytest.mark.django_db


def found(**way: Any) -> dict[str, Finding]:
    return by_id(probe_connection(examination(**way)))


def results(findings: dict[str, Finding]) -> list[Result]:
    return [findings[step].result for step in STEPS]


def assert_nothing_is_left() -> None:
    assert not Connection.objects.exists()
    assert not Token.objects.exists()
    assert not Client.objects.exists()


def test_each_step_goes_well_and_leaves_only_its_record() -> None:
    user = make_user("jane")

    findings = found(user=user, address="192.0.2.7", via="a command")

    assert results(findings) == [Result.OK] * 5
    assert "whoami: jane" in str(findings["tools"].seen)
    assert_nothing_is_left()
    registered, opened, revoked = Event.objects.order_by("pk")
    assert {event.user for event in (opened, registered, revoked)} == {user}
    assert registered.at < opened.at < revoked.at
    assert registered.kind == Event.Kind.CLIENT_REGISTERED
    assert registered.detail.startswith(f"{CLIENT_NAME} (")
    assert registered.detail.endswith("); a command")
    assert (opened.kind, opened.actor, opened.address) == (
        *(Event.Kind.CONNECTION_OPENED, None),
        "192.0.2.7",
    )
    assert opened.detail == f"{CLIENT_NAME} (read); a command"
    assert (revoked.kind, revoked.actor) == (Event.Kind.CONNECTION_REVOKED, None)
    assert revoked.detail == f"{CLIENT_NAME}: client; doctor"
    call = ToolCall.objects.get()
    assert (call.user, call.tool, call.outcome, call.client_name) == (
        *(user, "whoami"),
        *("done", CLIENT_NAME),
    )


def test_the_connection_may_only_read_and_ends_after_a_minute() -> None:
    seen: list[tuple[str, str, timedelta]] = []

    def look(_request: Request) -> None:
        for one in Connection.objects.all():
            lives = one.absolute_expires_at - one.created_at
            seen.append((one.level, one.client_name, lives))

    found(user=make_user(), before=look)

    assert set(seen) == {("read", CLIENT_NAME, timedelta(seconds=60))}


def test_who_asked_on_the_page_is_on_record_as_who_did_it() -> None:
    user = make_user()

    found(user=user, actor=user)

    opened = Event.objects.get(kind=Event.Kind.CONNECTION_OPENED)
    assert opened.actor == user
    assert opened.detail.endswith("; doctor")


def test_its_activity_reads_as_that_of_any_client() -> None:
    user = make_admin()

    found(user=user, actor=user)

    told = [
        (str(line.what), str(line.client), str(line.why), str(line.via))
        for line in map(line_of, timeline_of(user.pk))
    ]
    assert told == [
        ("Connection revoked", CLIENT_NAME, "Removed by the doctor", "the doctor"),
        ("Connection opened", CLIENT_NAME, "Read only", "the doctor"),
        ("Client registered", CLIENT_NAME, "", "the doctor"),
    ]


def test_nobody_is_mailed(mailoutbox: list[Any]) -> None:
    ConnectorSettings.objects.create(notify_administrators=True)
    make_admin("root")
    user = make_user("jane")
    user.email = "jane@example.com"
    user.save()

    found(user=user, before=_fail_at(5))
    found(user=user)
    send_due_notices(now=timezone.now())

    assert mailoutbox == []
    assert not Event.objects.exclude(audience=Event.Audience.NOBODY).exists()


def test_no_secret_of_it_is_kept_or_shown() -> None:
    secrets: list[str] = []

    def note(request: Request) -> None:
        secrets.extend(request.headers.get("Authorization", "").split()[1:])
        secrets.append(request.body.decode()[:4000])

    findings = found(user=make_user(), before=note)

    tokens = {one for one in secrets if one.startswith("aca_")}
    assert len(tokens) == 2
    shown = repr(findings) + repr(list(Event.objects.values()))
    assert not any(token in shown for token in tokens)
    assert "acc_" not in shown
    assert "acr_" not in shown


def test_others_connections_are_not_touched() -> None:
    user = make_user()
    other, _ = make_connection(user)

    found(user=user)

    other.refresh_from_db()
    assert other.revoked_at is None


def test_nobody_named_is_told_how_to_name_somebody() -> None:
    findings = found()

    assert results(findings) == [Result.SKIPPED] * 5
    assert findings["tools"].fix.endswith("--as USERNAME")
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"enabled": False}, "MCP access of jane is disabled"),
        ({"is_staff": False}, "jane may not sign in"),
        ({"is_active": False}, "jane may not sign in"),
    ],
)
def test_who_may_not_connect_is_not_connected(
    fields: dict[str, Any], words: str
) -> None:
    findings = found(user=make_user("jane", **fields))

    assert results(findings) == [Result.SKIPPED] * 5
    assert words in str(findings["exchange"].cause)
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    "between",
    [{"after": as_of("/mcp")}, {"silence": Silence.TOO_SLOW}],
    ids=["somebody else", "nobody"],
)
def test_a_token_is_sent_to_this_very_site_only(between: dict[str, Any]) -> None:
    findings = found(user=make_user(), **between)

    assert results(findings) == [Result.SKIPPED] * 5
    assert not Connection.objects.exists()


def _fail_at(number: int) -> Any:
    """Let the way break at this request after the first, which is without a token."""
    count = -1

    def breaking(_request: Request) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise NoAnswer(Silence.TOO_SLOW)

    return breaking


@pytest.mark.parametrize("number", range(1, 8))
def test_wherever_it_breaks_nothing_is_left(number: int) -> None:
    findings = found(user=make_user(), before=_fail_at(number))

    assert results(findings).count(Result.FAILED) == 1
    failed = results(findings).index(Result.FAILED)
    assert results(findings)[failed + 1 :] == [Result.SKIPPED] * (4 - failed)
    assert_nothing_is_left()


def test_also_a_fault_of_ours_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("agent_connector.doctor.round_trip._exchange", broken)

    with pytest.raises(ZeroDivisionError):
        found(user=make_user())

    assert_nothing_is_left()
    ended = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert ended.detail == f"{CLIENT_NAME}: client; doctor"


def test_a_shorter_limit_of_the_proxy_is_a_warning() -> None:
    def limit(request: Request) -> None:
        if len(request.body) > 65536:
            request.path = "/too-large"

    def too_large(answer: Answer) -> Answer:
        return replace(answer, status=413) if answer.status == 404 else answer

    findings = found(user=make_user(), before=limit, after=too_large)

    assert findings["body"].result is Result.WARNING
    assert findings["revoke"].result is Result.OK


def test_what_the_site_refuses_is_said_in_its_words() -> None:
    user = make_user()

    def cut(request: Request) -> None:
        if request.path == "/mcp" and b"tools/call" in request.body:
            disable_access([user.pk], actor=make_admin("a"), now=NOON)

    findings = found(user=user, before=cut)

    assert findings["tools"].result is Result.FAILED
    assert str(findings["tools"].cause).startswith("Revoked by a at")
    assert_nothing_is_left()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"{}", b'{"access_token": 1}', b'{"access_token": "a"}'),
        *(b'{"result": 7}', b'{"result": {"tools": 3}}', b'{"result": {}}'),
    ],
)
@pytest.mark.parametrize("path", ["/mcp", "/mcp/oauth/token"])
def test_an_answer_of_any_other_shape_fails_a_step_and_no_more(
    path: str, body: bytes
) -> None:
    def change(answer: Answer) -> Answer:
        return replace(answer, body=body) if answer.path == path else answer

    findings = found(user=make_user(), after=change)

    assert results(findings).count(Result.FAILED) == 1
    assert_nothing_is_left()


def test_a_revoked_token_that_still_works_would_be_told() -> None:
    def keep(request: Request) -> None:
        if request.path.endswith("/revoke"):
            request.body = request.body.replace(b"acr_", b"acx_")

    findings = found(user=make_user(), before=keep)

    assert findings["revoke"].result is Result.FAILED
    assert_nothing_is_left()


def test_it_works_where_nobody_may_register() -> None:
    ConnectorSettings.objects.create(dynamic_client_registration=False)

    assert results(found(user=make_user())) == [Result.OK] * 5
