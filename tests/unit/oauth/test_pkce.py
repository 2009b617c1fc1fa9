"""Proof Key for Code Exchange."""

from __future__ import annotations

import pytest

from agent_connector.oauth.pkce import challenge_of, is_challenge, proves
from tests.factories import CHALLENGE, VERIFIER


@pytest.mark.spec("RFC 7636", "appendix B")
def test_the_challenge_is_the_one_of_the_standards_example() -> None:
    assert challenge_of(VERIFIER) == CHALLENGE


def test_the_right_verifier_proves() -> None:
    assert proves(VERIFIER, challenge=CHALLENGE)


@pytest.mark.spec("RFC 7636", "4.1")
@pytest.mark.parametrize(
    "verifier",
    [
        "",
        VERIFIER[:-1],
        VERIFIER + "=",
        VERIFIER + " ",
        VERIFIER + "\n",
        VERIFIER[:-1] + "l",
        VERIFIER.upper(),
        CHALLENGE,
        "a" * 129,
        "ä" * 43,
        "\ud800" * 43,
    ],
)
def test_anything_else_proves_nothing(verifier: str) -> None:
    assert not proves(verifier, challenge=CHALLENGE)


def test_a_verifier_of_the_full_length_proves() -> None:
    verifier = "a-._~" * 25 + "abc"

    assert len(verifier) == 128
    assert proves(verifier, challenge=challenge_of(verifier))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (CHALLENGE, True),
        (CHALLENGE + "=", False),
        (CHALLENGE[:-1], False),
        (CHALLENGE[:-1] + "+", False),
        (CHALLENGE + "\n", False),
        ("", False),
        ("ä" * 43, False),
    ],
)
def test_a_challenge_is_43_characters_of_base64url(text: str, fits: bool) -> None:  # noqa: FBT001  # a table
    assert is_challenge(text) is fits
