"""How the end is told to a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from panel.agent.cut import challenge_of, cut_sentence

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
AN_HOUR_EAST = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        ("Revoked by admin at 2026-11-22 14:03 UTC.", "revoked by admin at 15:03"),
        (
            "Revoked by admin at 2026-11-22 14:03 UTC: MCP access was disabled.",
            "revoked by admin at 15:03 (MCP access was disabled)",
        ),
        ("Revoked at 2026-11-22 14:03 UTC.", "revoked at 15:03"),
        (
            "Revoked by admin at 2026-11-20 23:30 UTC.",
            "revoked by admin at 2026-11-21 00:30",
        ),
        (
            "MCP access of this user is disabled.",
            "MCP access of this user is disabled.",
        ),
        ("", "the server does not accept the token any more"),
    ],
)
def test_the_end_is_told_in_the_clock_of_the_reader(
    description: str, sentence: str
) -> None:
    assert cut_sentence(description, now=NOW, zone=AN_HOUR_EAST) == sentence


def test_a_challenge_is_read_parameter_by_parameter() -> None:
    header = 'Bearer error="invalid_token", error_description="Say \\"why\\", please"'

    assert challenge_of(header) == {
        "error": "invalid_token",
        "error_description": 'Say "why", please',
    }
    assert challenge_of("") == {}
