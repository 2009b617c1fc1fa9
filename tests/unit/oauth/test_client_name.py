"""The name that a client gives itself."""

from __future__ import annotations

import pytest

from agent_connector.oauth.client_name import clean_name


@pytest.mark.spec("attacks", "10")
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Claude Code (shop)", "Claude Code (shop)"),
        ("  Claude\n\tCode  ", "Claude Code"),
        ("Claude\u2028Code", "Claude Code"),
        ("\u202eedoC\u202c", "edoC"),
        ("Cl\u200baude\ufeff", "Claude"),
        ("nul\x00l", "nul l"),
        ("lone \ud800 half", "lone half"),
        ("private \ue000", "private"),
        ("un\u0378assigned", "unassigned"),
        ("presented \ufe10", "presented \ufe10"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("Größe 日本", "Größe 日本"),
        ("", "Unnamed client"),
        ("\u200b \n", "Unnamed client"),
    ],
)
def test_nothing_in_a_name_can_hide_or_reorder_it(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_a_name_is_cut() -> None:
    assert clean_name("x" * 10_000) == "x" * 200


def test_only_so_much_is_searched_for_something_to_show() -> None:
    assert clean_name("\u200b" * 799 + "Claude") == "C"
    assert clean_name("\u200b" * 800 + "Claude") == "Unnamed client"


def test_a_cut_name_can_be_stored() -> None:
    clean_name("é\u0301" * 5000).encode("utf-8")


@pytest.mark.parametrize(
    "blank", ["\u3164", "\uffa0", "\u115f\u1160", "\u2800", "\ufe00", "\ufe0f"]
)
def test_a_name_of_blanks_that_count_as_letters_is_no_name(blank: str) -> None:
    assert clean_name(blank) == "Unnamed client"
    assert clean_name(f"Cla{blank}ude") == "Claude"
