"""One path for every call, one record for every attempt."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone, translation
from pytest_django import Settings

from agent_connector.connections.access import disable_access
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, MCPAccess, ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools import registry
from agent_connector.tools.call import call_tool, is_listed, record_unrun
from agent_connector.tools.definition import (
    Answer,
    ConnectionEnded,
    ScopeMissing,
    Tool,
    ToolFailed,
    UnknownTool,
)
from agent_connector.tools.modeladmin.update_record import UPDATE_RECORD
from panel.shop.models import Category
from tests.callers import call, failure_of, last_call, make_caller
from tests.factories import make_user
from tests.panel.shop import make_category

pytestmark = pytest.mark.django_db


class Empty(Answer, frozen=True):
    pass


def register(monkeypatch: pytest.MonkeyPatch, run: Any, **changes: Any) -> Tool:
    """Let `wipe`, a write tool, do `run`."""
    tool = replace(
        UPDATE_RECORD, name="wipe", run=lambda caller, _given: run(caller), **changes
    )
    monkeypatch.setitem(registry._TOOLS, "wipe", tool)  # noqa: SLF001
    return tool


WIPE: dict[str, Any] = {"model": "shop.Product", "id": 7, "values": {"name": "x"}}


def wipe(caller: Caller) -> Answer:
    return call_tool(caller, "wipe", WIPE, now=timezone.now())


def test_a_done_call_leaves_one_record_and_last_used() -> None:
    caller = make_caller()

    call(caller, "list_models", query="order")

    record = ToolCall.objects.get()
    assert (record.tool, record.outcome, record.reason) == ("list_models", "done", "")
    assert record.arguments == {"query": "order"}
    assert record.address == "192.0.2.9"
    assert record.duration >= timedelta(0)
    connection = Connection.objects.get(pk=caller.connection.pk)
    assert connection.last_used_at == record.at
    assert connection.last_used_from == "192.0.2.9"


def test_a_record_names_the_model_and_the_object() -> None:
    failure_of(make_caller(), "get_record", model="shop.Product", id=7)

    record = last_call()
    assert (record.model, record.object_id) == ("shop.product", "7")


def test_an_unknown_tool_is_refused_and_recorded() -> None:
    caller = make_caller()

    failure = failure_of(caller, "drop_tables", now="please")

    assert isinstance(failure, UnknownTool)
    record = ToolCall.objects.get()
    assert (record.tool, record.outcome, record.reason) == (
        "drop_tables",
        "refused",
        "unknown tool",
    )
    assert Connection.objects.get(pk=caller.connection.pk).last_used_at is None


def test_a_tool_above_the_ceiling_is_unknown_to_the_agent_only() -> None:
    user = make_user(is_superuser=True)
    MCPAccess.objects.filter(pk=user.pk).update(ceiling="read")
    caller = make_caller(user, level="read")

    failure = failure_of(caller, "update_record", **WIPE)

    assert failure.detail() == UnknownTool("update_record").detail()
    assert not is_listed(caller, UPDATE_RECORD)
    assert last_call().reason == "above_ceiling"


def test_a_level_that_does_not_reach_is_refused_as_such() -> None:
    caller = make_caller(level="read")

    failure = failure_of(caller, "update_record", **WIPE)

    assert isinstance(failure, ScopeMissing)
    assert is_listed(caller, UPDATE_RECORD)
    assert (last_call().outcome, last_call().reason) == ("refused", "scope_missing")


def test_a_failed_call_changes_nothing_and_leaves_one_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_caller: Caller) -> Answer:
        make_category("Half a change")
        raise ToolFailed("No.")

    register(monkeypatch, fail)

    with pytest.raises(ToolFailed, match=r"No\."):
        wipe(make_caller())

    assert not Category.objects.exists()
    assert ToolCall.objects.get().outcome == "failed"


def test_a_bug_is_recorded_by_its_type_and_hidden_from_the_agent(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    register(monkeypatch, lambda _caller: 1 // 0)

    with caplog.at_level(logging.ERROR), pytest.raises(ToolFailed) as failure:
        wipe(make_caller())

    assert failure.value.message == "wipe broke. Its owner has been told."
    assert ToolCall.objects.get().reason == "ZeroDivisionError"
    assert "ZeroDivisionError" in caplog.text


def test_an_answer_that_cannot_be_sent_is_not_committed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Odd(Answer, frozen=True):
        value: object

    def act(_caller: Caller) -> Answer:
        make_category("Half a change")
        return Odd(value=object())

    register(monkeypatch, act)

    with pytest.raises(ToolFailed), caplog.at_level(logging.CRITICAL):
        wipe(make_caller())

    assert not Category.objects.exists()


@pytest.mark.parametrize("end", ["revoke", "disable", "deactivate", "unstaff"])
def test_a_change_under_way_when_the_connection_ends_is_not_committed(
    monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    def act(caller: Caller) -> Answer:
        make_category("Too late")
        _end(caller, end)
        return Empty()

    register(monkeypatch, act)

    with pytest.raises(ConnectionEnded):
        wipe(make_caller())

    # The end itself happened inside the call here, and is rolled back with it.
    assert not Category.objects.exists()
    assert ToolCall.objects.get().outcome == "refused"


def _end(caller: Caller, how: str) -> None:
    now, user = timezone.now(), caller.user
    if how == "revoke":
        reason = Connection.RevokedReason.ADMIN
        revoke_connection(caller.connection, reason=reason, actor=user, now=now)
    elif how == "disable":
        disable_access([user.pk], actor=user, now=now)
    else:
        field = "is_active" if how == "deactivate" else "is_staff"
        type(user).objects.filter(pk=user.pk).update(**{field: False})


def test_a_ceiling_lowered_under_way_holds_for_the_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def act(caller: Caller) -> Answer:
        make_category("Too late")
        MCPAccess.objects.filter(pk=caller.user.pk).update(ceiling="read")
        return Empty()

    register(monkeypatch, act)

    with pytest.raises(UnknownTool):
        wipe(make_caller())

    assert not Category.objects.exists()


def test_database_trouble_is_recorded_and_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_caller: Caller) -> Answer:
        raise OperationalError("database is locked")

    register(monkeypatch, fail)

    with pytest.raises(OperationalError):
        wipe(make_caller())

    assert ToolCall.objects.get().reason == "OperationalError"


def test_a_tool_speaks_the_sites_language_whatever_the_request_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = []

    def listen(_caller: Caller) -> Answer:
        heard.append(translation.get_language())
        return Empty()

    register(monkeypatch, listen)

    with translation.override("de"):
        wipe(make_caller())

    assert heard == ["en"]


def test_addresses_are_in_a_language_that_the_site_has(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.unit.tools.translated_urls"
    settings.LANGUAGE_CODE = "en-us"

    told = call(make_caller(), "whoami")

    assert told["site"]["language"] == "en"
    assert told["site"]["admin_url"].endswith("/en/admin/")


def test_a_reading_tool_holds_no_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    depth: list[int] = []

    def look(_caller: Caller) -> Answer:
        depth.append(len(connection.savepoint_ids))
        return Empty()

    register(monkeypatch, look, read_only=True)
    before = len(connection.savepoint_ids)

    wipe(make_caller())

    assert depth == [before]


@pytest.mark.parametrize(
    ("name", "outcome", "reason"),
    [
        ("drop_tables", "refused", "unknown tool"),
        ("whoami", "failed", "malformed call"),
    ],
)
def test_a_call_that_never_came_to_a_tool_is_recorded(
    name: str, outcome: str, reason: str
) -> None:
    record_unrun(make_caller(), name, [1, 2], now=timezone.now())

    record = ToolCall.objects.get()
    assert (record.tool, record.outcome, record.reason) == (name, outcome, reason)
    assert record.arguments == {}


def test_one_that_never_came_to_a_tool_counts_as_one_that_did() -> None:
    caller = replace(make_caller(), may_change=False)

    record_unrun(caller, "create_record", [1, 2], now=timezone.now())
    assert last_call().reason == "site_read_only"
    assert stored(caller).refused_in_row == 0
    record_unrun(caller, "drop_tables", [1, 2], now=timezone.now())

    assert stored(caller).refused_in_row == 1


def stored(caller: Caller) -> Connection:
    return Connection.objects.get(pk=caller.connection.pk)


def test_our_own_secrets_are_not_kept_with_the_arguments() -> None:
    caller = make_caller()

    failure_of(caller, "whoami", token="acp_" + "a1" * 23, note="acp_" + "a1" * 23)

    assert "a1a1" not in str(last_call().arguments)
    assert "a1a1" not in last_call().reason
