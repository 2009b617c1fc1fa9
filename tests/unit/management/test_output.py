"""Answers go to stdout, remarks to stderr; programs get one document."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.core.management.base import OutputWrapper
from pytest_django import Settings

from agent_connector.management.output import DONE, NOTHING, WRONG_USAGE, Error, Output
from tests.commands import Stream
from tests.factories import NOON

COLUMNS = {"name": "NAME", "at": "AT"}
ROW = {"name": "jane", "at": NOON, "hidden": 1}


class Desk:
    """An output, and what it wrote."""

    def __init__(
        self, typed: str = "", *, as_json: bool = False, at_terminal: bool = False
    ) -> None:
        self.out, self.err = (Stream(at_terminal=at_terminal) for _ in "12")
        self.output = Output(
            stdout=OutputWrapper(self.out),
            stderr=OutputWrapper(self.err),
            stdin=Stream(typed, at_terminal=at_terminal),
            as_json=as_json,
        )

    @property
    def written(self) -> tuple[str, str]:
        return self.out.getvalue(), self.err.getvalue()


def test_people_get_a_table_of_the_columns_they_need() -> None:
    desk = Desk()

    assert desk.output.rows(COLUMNS, [ROW], nothing="None.") == DONE
    assert desk.written == ("NAME  AT\njane  2026-03-02 12:00:00Z\n", "")


def test_ids_and_times_are_whole_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "45")
    desk = Desk(at_terminal=True)
    row = {"id": "0b0d2b5e-6f0e", "name": "Claude Code", "at": NOON}

    desk.output.rows({"id": "ID", "name": "NAME", "at": "AT"}, [row], nothing="")

    assert desk.written[0].splitlines()[1] == (
        "0b0d2b5e-6f0e  Claude …  2026-03-02 12:00:00Z"
    )


def test_programs_get_every_key() -> None:
    desk = Desk(as_json=True)

    assert desk.output.rows(COLUMNS, [ROW], nothing="None.") == DONE
    assert json.loads(desk.written[0]) == [
        {"name": "jane", "at": "2026-03-02T12:00:00Z", "hidden": 1}
    ]


@pytest.mark.parametrize(("as_json", "out"), [(False, ""), (True, "[]\n")])
def test_no_row_is_said_on_stderr(out: str, *, as_json: bool) -> None:
    desk = Desk(as_json=as_json)

    assert desk.output.rows(COLUMNS, [], nothing="No user matches.") == NOTHING
    assert desk.written == (out, "No user matches.\n")


def test_a_result_is_a_sentence_or_a_document() -> None:
    desk, program = Desk(), Desk(as_json=True)
    for one in (desk, program):
        one.output.result({"count": 2}, "Two.", "Both gone.")

    assert desk.written[0] == "Two.\nBoth gone.\n"
    assert json.loads(program.written[0]) == {"count": 2}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), ("", "-"), (True, "yes"), (0, "0"), (["a", "b"], "a, b"), ([], "-")],
)
def test_values_are_readable(value: Any, shown: str) -> None:
    desk = Desk()

    desk.output.rows({"x": "X"}, [{"x": value}], nothing="")

    assert desk.written[0].splitlines()[1] == shown


def test_times_are_in_utc_whatever_their_zone() -> None:
    desk = Desk(as_json=True)
    at = datetime(2026, 3, 2, 14, 0, tzinfo=timezone(timedelta(hours=2)))

    desk.output.result({"at": at, "span": timedelta(seconds=3)})

    assert json.loads(desk.written[0]) == {"at": "2026-03-02T12:00:00Z", "span": 3.0}


def test_times_without_a_zone_are_the_sites(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    desk = Desk(as_json=True)

    desk.output.result({"at": NOON.astimezone(UTC).replace(tzinfo=None)})

    assert json.loads(desk.written[0]) == {"at": "2026-03-02T11:00:00Z"}


def test_json_holds_no_control_character() -> None:
    desk = Desk(as_json=True)

    desk.output.result({"name": "\x1b\x9b\u202e"})

    assert desk.written[0].isascii()
    assert "\x1b" not in desk.written[0]


def test_progress_is_for_terminals() -> None:
    pipe, terminal = Desk(), Desk(at_terminal=True)
    for one in (pipe, terminal):
        one.output.progress("Removed 900")
        one.output.end_progress()

    assert pipe.written == ("", "")
    assert terminal.written == ("", "\r\x1b[KRemoved 900\r\x1b[K")


def test_a_mass_act_asks_for_a_word() -> None:
    Desk("REVOKE\n", at_terminal=True).output.confirm(
        "This revokes.", word="REVOKE", is_sure=False
    )
    desk = Desk("yes\n", at_terminal=True)

    with pytest.raises(Error, match="Nothing was changed") as refused:
        desk.output.confirm("This revokes.", word="REVOKE", is_sure=False)

    assert refused.value.returncode == NOTHING
    assert desk.written == ("", "This revokes.\nType REVOKE to go on: ")


def test_where_nobody_can_answer_the_option_is_needed() -> None:
    Desk().output.confirm("This revokes.", word="REVOKE", is_sure=True)

    with pytest.raises(Error, match="Add --yes") as refused:
        Desk("REVOKE\n").output.confirm("This revokes.", word="REVOKE", is_sure=False)

    assert refused.value.returncode == WRONG_USAGE


def test_an_error_is_one_line() -> None:
    assert str(Error("There is no user 'a\nb'.")) == (
        "There is no user 'a\N{REPLACEMENT CHARACTER}b'."
    )
