"""Make an answer short enough to be sent: the call is over, and the rest still counts."""

from __future__ import annotations

from typing import Any

import msgspec

from agent_connector.tools.definition import Answer, EncodedAnswer, encode_answer

MAX_ANSWER_BYTES = 250_000


def encoded_within(answer: Answer, *, most: int = MAX_ANSWER_BYTES) -> EncodedAnswer:
    """Return the answer as JSON of at most so many bytes.

    What is too long goes, the longest value first, and `truncated` names it.
    """
    encoded = encode_answer(answer)
    if len(encoded) > most:
        encoded = _without_longest(msgspec.json.decode(encoded), most=most)
    return EncodedAnswer(encoded=encoded, linked=answer.links)


def _without_longest(content: dict[str, Any], *, most: int) -> bytes:
    sizes = {name: len(msgspec.json.encode(one)) for name, one in content.items()}
    left_out: list[str] = []
    encoded = b""
    for name in sorted(sizes, key=lambda one: sizes[one], reverse=True):
        del content[name]
        left_out.append(f"`{name}`")
        note = f"Too long to be sent, and left out: {', '.join(left_out)}."
        encoded = msgspec.json.encode({**content, "truncated": note})
        if len(encoded) <= most:
            break
    return encoded
