"""The cells of Tool Calls."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from agent_connector import tools
from agent_connector.admin.call_cells import (
    REASONS,
    TONES,
    duration_text,
    linked,
    outcome_cell,
    person_fact,
    record_cell,
)
from agent_connector.models import ToolCall


def test_every_outcome_has_a_colour_and_its_word() -> None:
    assert set(TONES) == set(ToolCall.Outcome)
    for outcome in ToolCall.Outcome:
        assert str(outcome.label) in outcome_cell(ToolCall(outcome=outcome))


def test_every_reason_that_tools_give_is_told_in_words() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(str(tools.__file__)).parent.rglob("*.py")
    )
    given = set(re.findall(r'reason="([a-z_ ]+)"', code))
    # The codes of these errors are for the agent; each has a reason of its own.
    told = {"unknown_tool", "insufficient_scope", "connection_ended", "unknown_model"}
    given |= set(re.findall(r'\bcode="([a-z_]+)"', code)) - told

    assert given <= REASONS.keys()


def test_a_reason_is_text_and_never_markup() -> None:
    cell = outcome_cell(ToolCall(outcome="failed", reason="<script>"))

    assert "&lt;script&gt;" in cell


def test_a_call_about_no_record_shows_a_dash() -> None:
    assert "none" in record_cell(ToolCall(), url="")


def test_without_an_address_there_is_no_link() -> None:
    assert linked("<7>", "") == "&lt;7&gt;"
    assert '<a class="aac-link" href="/x">' in linked("7", "/x")


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(microseconds=400), "0 ms"),
        (timedelta(milliseconds=999), "999 ms"),
        (timedelta(seconds=1), "1.0 s"),
        (timedelta(seconds=75), "75.0 s"),
    ],
)
def test_durations_are_told_in_the_unit_that_fits(
    duration: timedelta, text: str
) -> None:
    assert duration_text(duration) == text


def test_durations_have_the_decimal_sign_of_the_language() -> None:
    with translation.override("de"):
        text = duration_text(timedelta(seconds=1.5))

    assert text == "1,5 s"


def test_a_caller_is_told_by_full_name_and_the_sign_in_name_on_record() -> None:
    user = User(username="jane", first_name="Jane", last_name="Doe")
    call = ToolCall(user=user, user_name="jane")

    told = person_fact(call, url="/info/")

    assert re.sub("<[^>]+>", " ", told).split() == ["Jane", "Doe", "jane"]


def test_a_caller_without_a_full_name_or_an_account_is_told_once() -> None:
    nameless = ToolCall(user=User(username="jane"), user_name="jane")
    gone = ToolCall(user_name="jane")

    for call in (nameless, gone):
        told = person_fact(call, url="/info/")
        assert re.sub("<[^>]+>", " ", told).split() == ["jane"]
