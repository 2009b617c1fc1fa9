"""Secrets: their form, their checksum, and that nothing but a digest is left."""

from __future__ import annotations

import hashlib
import re

import pytest

from agent_connector.connections.secret import (
    Prefix,
    digest_secret,
    hint_of,
    is_well_formed,
    mint_secret,
)


@pytest.mark.parametrize("prefix", Prefix)
def test_a_fresh_secret_has_the_published_form(prefix: Prefix) -> None:
    secret = mint_secret(prefix)

    assert re.fullmatch(rf"{prefix}_[0-9A-Za-z]{{46}}", secret)
    assert is_well_formed(secret, prefix)


def test_the_prefixes_are_the_published_ones() -> None:
    assert sorted(Prefix) == ["aca", "acc", "acp", "acr", "acs"]


@pytest.mark.parametrize("prefix", Prefix)
@pytest.mark.parametrize("other", Prefix)
def test_a_secret_of_one_kind_is_none_of_another(prefix: Prefix, other: Prefix) -> None:
    secret = mint_secret(prefix)

    assert is_well_formed(secret, other) is (prefix is other)


def test_a_changed_prefix_breaks_the_checksum() -> None:
    access = mint_secret(Prefix.ACCESS)

    assert not is_well_formed(f"{Prefix.REFRESH}{access[3:]}", Prefix.REFRESH)


def test_any_changed_character_breaks_the_checksum() -> None:
    secret = mint_secret(Prefix.ACCESS)

    for place in range(4, len(secret)):
        letter = "a" if secret[place] != "a" else "b"
        changed = secret[:place] + letter + secret[place + 1 :]
        assert not is_well_formed(changed, Prefix.ACCESS)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text[:0], id="empty"),
        pytest.param(lambda text: text[:-1], id="too short"),
        pytest.param(lambda text: text + "0", id="too long"),
        pytest.param(lambda text: text + "\n", id="line feed"),
        pytest.param(lambda text: " " + text, id="space before"),
        pytest.param(lambda text: text.upper(), id="upper case"),
        pytest.param(lambda text: text.replace("_", "-", 1), id="other separator"),
        pytest.param(lambda text: text[:-1] + "٣", id="digit of another script"),
        pytest.param(lambda text: text[:-1] + "\x00", id="NUL"),
        pytest.param(lambda text: text[:-1] + "\ud800", id="lone surrogate"),
        pytest.param(lambda text: "Bearer " + text, id="with the scheme"),
        pytest.param(lambda text: text * 20_000, id="a megabyte"),
    ],
)
def test_junk_is_not_well_formed(spoil: object) -> None:
    assert callable(spoil)

    junk = spoil(mint_secret(Prefix.ACCESS))

    assert not is_well_formed(junk, *Prefix)


def test_no_two_of_a_hundred_thousand_secrets_are_equal() -> None:
    secrets = {mint_secret(Prefix.ACCESS) for _ in range(100_000)}

    assert len(secrets) == 100_000


def test_the_digest_is_sha_256_and_tells_secrets_apart() -> None:
    one, other = mint_secret(Prefix.ACCESS), mint_secret(Prefix.ACCESS)

    assert digest_secret(one) == hashlib.sha256(one.encode()).digest()
    assert digest_secret(one) != digest_secret(other)


def test_text_that_is_not_unicode_has_a_digest_too() -> None:
    assert len(digest_secret("aca_\ud800")) == 32


def test_the_hint_is_the_last_four_characters() -> None:
    secret = mint_secret(Prefix.REFRESH)

    assert hint_of(secret) == secret[-4:]


def test_the_checksum_is_the_published_one() -> None:
    zeros = "aca_" + "0" * 40

    assert is_well_formed(f"{zeros}1pRyW0", Prefix.ACCESS)
