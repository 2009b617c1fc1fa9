"""CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest

from agent_connector.admin.export import csv_response, safe_cell, utc_text
from tests.factories import NOON


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",  # noqa: RUF001  # full-width, as some spreadsheets read it
    ],
)
def test_what_could_be_a_formula_is_quoted(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Claude Code", "a=b", "1-2", "jane@example.com", ""])
def test_everything_else_is_left_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_nothing_is_an_empty_cell() -> None:
    assert (safe_cell(None), safe_cell(0)) == ("", "0")


def test_the_download_is_named_for_its_day_and_read_as_utf8() -> None:
    answer = csv_response("calls", ["a", "b"], [("ü", 'x"y,\nz')], now=NOON)

    sent = b"".join(answer)

    rows = list(csv.reader(io.StringIO(sent.decode("utf-8-sig"), newline="")))
    assert rows == [["a", "b"], ["ü", 'x"y,\nz']]
    assert sent.startswith(b"\xef\xbb\xbf")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="calls-2026-03-02.csv"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_moments_are_told_in_utc() -> None:
    there = datetime(2026, 3, 2, 14, 0, 5, tzinfo=timezone(timedelta(hours=2)))

    assert utc_text(there) == "2026-03-02 12:00:05"
    assert utc_text(there.astimezone(UTC).replace(tzinfo=None)) == "2026-03-02 12:00:05"
    assert utc_text(None) == ""
