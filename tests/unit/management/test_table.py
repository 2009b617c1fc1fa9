"""Tables are aligned, fit the terminal, and show no character that moves a cursor."""

from __future__ import annotations

import pytest

from agent_connector.management.table import columns_of, plain, table_text

ROWS = [["jane", "a"], ["bo", "Claude Code, ChatGPT and many more"]]


def test_columns_stand_under_each_other() -> None:
    assert table_text(["USER", "X"], [["jane", "a"], ["bo", "b"]], width=None) == (
        "USER  X\njane  a\nbo    b"
    )


def test_what_is_too_wide_is_cut_where_it_is_widest() -> None:
    lines = table_text(["USER", "CLIENTS"], ROWS, width=20).splitlines()

    assert lines[2] == "bo    Claude Code, …"
    assert max(map(len, lines)) == 20


def test_without_a_terminal_nothing_is_cut() -> None:
    assert "many more" in table_text(["USER", "CLIENTS"], ROWS, width=None)


def test_no_column_gets_too_narrow_to_be_read() -> None:
    lines = table_text(["USER", "CLIENTS"], ROWS, width=1).splitlines()

    assert lines[2] == "bo    Claude …"


def test_what_half_of_would_say_nothing_is_not_cut() -> None:
    rows = [["0b0d2b5e-6f0e-4a63", "Claude Code, ChatGPT"]]

    [_, line] = table_text(["ID", "X"], rows, width=30, whole=[0]).splitlines()
    [_, narrow] = table_text(["ID"], [["0b0d2b5e-6f0e"]], width=9, whole=[0]).split(
        "\n"
    )

    assert line == "0b0d2b5e-6f0e-4a63  Claude Co…"
    assert narrow == "0b0d2b5e-6f0e"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1)])
def test_wide_letters_count_twice(text: str, columns: int) -> None:
    assert columns_of(text) == columns


def test_a_wide_letter_is_not_cut_in_two() -> None:
    line = table_text(["N", "X"], [["日本日本日本日本", "b"]], width=12).splitlines()[1]

    assert line == "日本日本…  b"


@pytest.mark.parametrize(
    "harm", ["\x1b[2J", "\r", "\n", "\x9b", "\u202e", "\u2066", "\x00"]
)
def test_nothing_of_somebodys_text_moves_the_cursor(harm: str) -> None:
    shown = plain(f"a{harm}b")

    assert harm[0] not in shown
    assert shown.startswith("a\N{REPLACEMENT CHARACTER}")
    assert harm[0] not in table_text(["N"], [[f"a{harm}"]], width=40).partition("\n")[2]
