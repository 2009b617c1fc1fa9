"""An answer that is too long loses its longest parts, and says which."""

from __future__ import annotations

from typing import Any

import msgspec

from agent_connector.tools.definition import Answer, Link
from agent_connector.tools.shortened import encoded_within


class Told(Answer, frozen=True, kw_only=True):
    id: str
    rows: list[str] = []
    messages: list[str] = []

    @property
    def links(self) -> tuple[Link, ...]:
        return (Link("https://example.com/x", "x", "text/csv"),)


def shortened(answer: Answer, *, most: int) -> dict[str, Any]:
    encoded = encoded_within(answer, most=most).encoded
    assert len(encoded) <= most
    decoded: dict[str, Any] = msgspec.json.decode(encoded)
    return decoded


def test_a_short_answer_is_sent_as_it_is_with_its_links() -> None:
    answer = Told(id="7", rows=["a"])

    sent = encoded_within(answer)

    assert msgspec.json.decode(sent.encoded) == {"id": "7", "rows": ["a"]}
    assert sent.links == answer.links


def test_only_as_much_goes_as_has_to() -> None:
    answer = Told(id="7", rows=["x" * 600], messages=["y" * 300])

    assert shortened(answer, most=500) == {
        "id": "7",
        "messages": ["y" * 300],
        "truncated": "Too long to be sent, and left out: `rows`.",
    }
    assert shortened(answer, most=120) == {
        "id": "7",
        "truncated": "Too long to be sent, and left out: `rows`, `messages`.",
    }


def test_the_links_of_a_long_answer_are_kept() -> None:
    answer = Told(id="7", rows=["x" * 600])

    assert encoded_within(answer, most=200).links == answer.links
