"""The project's own notes are found by their words, the best ones first."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from agent_connector.testing import AgentClient
from agent_connector.tools import ToolFailed
from agent_connector.tools.builtin import search_docs
from agent_connector.tools.builtin.documents import Section
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _switched_on(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"EXTRA_TOOLS": ["search_docs"]}


def search(query: str) -> Any:
    return AgentClient(make_user()).call("search_docs", query=query)


def use(monkeypatch: pytest.MonkeyPatch, **texts: str) -> None:
    """Let these be all the sections there are, by heading."""
    sections = tuple(
        Section(app="shop", file="a.md", heading=heading, text=text)
        for heading, text in texts.items()
    )
    monkeypatch.setattr(search_docs, "all_sections", lambda: sections)


def headings(query: str) -> list[str]:
    return [match["heading"] for match in search(query)["matches"]]


def test_what_the_shop_wrote_down_is_found_with_its_place() -> None:
    found = search("refund")

    best = found["matches"][0]
    assert (best["app"], best["file"]) == ("shop", "returns.md")
    assert best["heading"] == "Returns > Refunds"
    assert "within 14 days" in best["excerpt"]
    assert found["sections"] == 6


def test_case_and_endings_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, One="We REFUND it.", Two="Straße and Cafés.")

    assert headings("refunds") == ["One"]
    assert headings("STRASSE") == ["Two"]
    assert headings("café") == ["Two"]


def test_a_short_word_matches_itself_only(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, One="It is set.", Two="Italy has settings.")

    assert headings("it") == ["One"]
    assert headings("settings") == ["Two"]


def test_a_heading_counts_for_more_than_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Other="Returns happen.", Returns="They happen.")

    assert headings("returns") == ["Returns", "Other"]


def test_a_rare_word_counts_for_more_than_a_common_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, One="order", Two="order", Three="voucher")

    assert headings("order voucher") == ["Three", "One", "Two"]


def test_all_words_beat_one_word_said_often(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Often="order " * 50, Both="An order with a voucher, in order.")

    assert headings("order voucher") == ["Both", "Often"]


def test_no_more_than_five_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, **{f"Section{n}": "order" for n in range(9)})

    assert headings("order") == [f"Section{n}" for n in range(5)]


def test_nothing_found_says_how_much_was_looked_through() -> None:
    assert search("zeppelin") == {"matches": [], "sections": 6}


@pytest.mark.parametrize("query", ["", " ", "?!", "../"])
def test_a_query_without_a_word_is_refused(query: str) -> None:
    with pytest.raises(ToolFailed, match="no word"):
        search(query)


@pytest.mark.parametrize("query", ["../returns.md", "/etc/passwd", "%2e%2e/settings"])
def test_a_path_is_words_like_any_other(query: str) -> None:
    assert {match["file"] for match in search(query)["matches"]} <= {
        "order-statuses.md",
        "returns.md",
    }


def test_an_excerpt_of_a_long_section_begins_where_it_matters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = f"{'Other things. ' * 80}\n\nA voucher pays once.\n\n{'And so on. ' * 200}"
    use(monkeypatch, Long=long, Short=f"{'Other things. ' * 84}\n\nvoucher")

    first, second = search("voucher")["matches"]

    assert first["excerpt"].startswith("… A voucher pays once.\n\nAnd so on.")
    assert first["excerpt"].endswith(" …")
    assert len(first["excerpt"]) < 1210
    assert second["excerpt"].endswith("\n\nvoucher")


def test_reading_them_takes_no_permission_but_the_switch(settings: Settings) -> None:
    agent = AgentClient(make_user())
    assert "search_docs" in agent.tools()

    settings.AGENT_CONNECTOR = {}

    assert "search_docs" not in agent.tools()


def test_a_site_without_documents_finds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch)

    assert search("order") == {"matches": [], "sections": 0}
