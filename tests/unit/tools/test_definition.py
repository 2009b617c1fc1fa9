"""Failures tell the agent what helps, and answers become plain JSON."""

from __future__ import annotations

import pytest
from django.utils.safestring import mark_safe

from agent_connector.models import ToolCall
from agent_connector.tools.definition import (
    Answer,
    Asked,
    Declined,
    EncodedAnswer,
    RoleChanged,
    ScopeMissing,
    SiteReadOnly,
    SwitchedOff,
    ToolFailed,
    ToolRefused,
    TooManyCalls,
    UnknownTool,
    encode_answer,
)
from agent_connector.tools.modeladmin.update_record import UPDATE_RECORD


class Named(Answer, frozen=True, kw_only=True):
    name: object
    note: str = ""


def test_a_failure_tells_only_what_applies() -> None:
    failure = ToolFailed("No.", code="broken", allowed=["a"])

    assert failure.detail() == {"code": "broken", "message": "No.", "allowed": ["a"]}


def test_the_record_gets_the_message_unless_there_is_a_reason_of_its_own() -> None:
    assert ToolFailed("No.").reason == "No."
    assert ToolFailed("No.", reason="DataError").reason == "DataError"


def test_a_refusal_is_recorded_as_one() -> None:
    assert ToolFailed("No.").outcome == ToolCall.Outcome.FAILED
    assert ToolRefused("No.").outcome == ToolCall.Outcome.REFUSED


@pytest.mark.parametrize(
    ("failure", "counts"),
    [
        (ToolFailed("No."), False),
        (Asked("Really?"), False),
        (ToolRefused("No."), True),
        (UnknownTool("wipe"), True),
        (ScopeMissing(UPDATE_RECORD), True),
        (Declined(), False),
        (SiteReadOnly(UPDATE_RECORD), False),
        (SwitchedOff("Later."), False),
        (RoleChanged(), False),
        (TooManyCalls(seconds=1), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_a_refusal_that_is_the_clients_own_fault_counts(
    failure: ToolFailed,
    counts: bool,  # noqa: FBT001  # what is expected
) -> None:
    assert failure.counts is counts


def test_an_unknown_and_a_forbidden_tool_are_told_the_same() -> None:
    forbidden = UnknownTool("wipe", reason="above_ceiling")

    assert UnknownTool("wipe").detail() == forbidden.detail()


def test_a_missing_scope_names_what_the_tool_needs() -> None:
    failure = ScopeMissing(UPDATE_RECORD)

    assert failure.needs == "write"
    assert failure.code == "insufficient_scope"


def test_a_safe_string_becomes_plain_text() -> None:
    answer = Named(name=mark_safe("a & b"))

    assert encode_answer(answer) == b'{"name":"a & b"}'


def test_what_json_cannot_say_is_a_bug_of_the_tool() -> None:
    with pytest.raises(TypeError):
        encode_answer(Named(name=object()))


def test_json_that_is_made_already_is_sent_as_it_is() -> None:
    assert encode_answer(EncodedAnswer(encoded=b'{"a":1}')) == b'{"a":1}'
