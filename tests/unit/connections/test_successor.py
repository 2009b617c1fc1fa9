"""The pair made of a refresh token: the same again, and only for who has all of it."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.connections.secret import (
    Prefix,
    digest_secret,
    is_well_formed,
    mint_secret,
)
from agent_connector.connections.successor import (
    SALT_BYTES,
    Texts,
    derive_texts,
    repeat_texts,
)

SALT = bytes(range(SALT_BYTES))


def digests_of(texts: Texts) -> set[bytes]:
    return {digest_secret(texts.access), digest_secret(texts.refresh)}


def test_the_same_text_and_salt_make_the_same_well_formed_pair() -> None:
    presented = mint_secret(Prefix.REFRESH)

    texts = derive_texts(presented, salt=SALT)

    assert texts == derive_texts(presented, salt=SALT)
    assert is_well_formed(texts.access, Prefix.ACCESS)
    assert is_well_formed(texts.refresh, Prefix.REFRESH)


def test_another_text_salt_or_key_makes_another_pair() -> None:
    presented = mint_secret(Prefix.REFRESH)
    pairs = [
        derive_texts(presented, salt=SALT),
        derive_texts(mint_secret(Prefix.REFRESH), salt=SALT),
        derive_texts(presented, salt=bytes(SALT_BYTES)),
        derive_texts(presented, salt=SALT, key="another key"),
    ]

    bodies = {text[4:] for one in pairs for text in (one.access, one.refresh)}

    assert len(bodies) == 8


@pytest.mark.parametrize(
    ("keys", "is_found"),
    [
        (("only-for-tests", []), True),
        (("new", ["older", "only-for-tests"]), True),
        (("new", ["older"]), False),
    ],
)
def test_the_pair_is_repeated_under_every_key_that_counts(
    settings: Any, keys: tuple[str, list[str]], *, is_found: bool
) -> None:
    presented = mint_secret(Prefix.REFRESH)
    texts = derive_texts(presented, salt=SALT)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keys

    again = repeat_texts(presented, salt=SALT, stored=digests_of(texts))

    assert again == (texts if is_found else None)


def test_half_a_pair_is_not_repeated() -> None:
    presented = mint_secret(Prefix.REFRESH)
    refresh = derive_texts(presented, salt=SALT).refresh

    again = repeat_texts(presented, salt=SALT, stored={digest_secret(refresh)})

    assert again is None


def test_showing_the_texts_shows_no_secret() -> None:
    texts = derive_texts(mint_secret(Prefix.REFRESH), salt=SALT)

    assert texts.access not in repr(texts)
    assert texts.refresh not in repr(texts)
