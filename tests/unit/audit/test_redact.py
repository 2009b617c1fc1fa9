"""Redaction: no credential reaches the record, and every database takes it."""

from __future__ import annotations

import json
import math
import tracemalloc
from typing import Any

import pytest

from agent_connector.audit.redact import (
    CUT,
    MASK,
    MAX_ARGUMENTS_CHARACTERS,
    MAX_ITEMS,
    MAX_TEXT_CHARACTERS,
    redact,
    redact_arguments,
    redact_text,
)
from agent_connector.connections.secret import Prefix, mint_secret, secret_from


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "New-Password",
        "client_secret",
        "refreshToken",
        "apiKey",
        "Authorization",
        "Cookie",
        "key",
        "signing_key",
        "code_verifier",
        "pass\x00word",
    ],
)
@pytest.mark.parametrize("value", ["hunter2", {"deep": "hunter2"}, ["hunter2"], 42])
def test_what_a_telling_key_holds_is_masked(key: str, value: Any) -> None:
    redacted = redact({"fields": [{key: value}]})

    assert list(redacted["fields"][0].values()) == [MASK]


@pytest.mark.parametrize("key", ["name", "monkey", "keyboard", "price", "notes"])
def test_what_an_ordinary_key_holds_stays(key: str) -> None:
    assert redact({key: "value"}) == {key: "value"}


@pytest.mark.parametrize("prefix", Prefix)
def test_our_own_secrets_are_masked_wherever_they_stand(prefix: Prefix) -> None:
    secret = secret_from(prefix, b"\1" * 32)  # a random one may hold "pwd"

    shown = json.dumps(
        [
            redact({"note": f"my token is {secret}, keep it"}),
            redact({secret: 1}),
            redact([[f"?code={secret}&x=1"]]),
            redact({"text": f"{secret[:9]}\x00{secret[9:]}"}),
        ]
    )

    assert secret[4:20] not in shown
    assert shown.count(MASK) == 4


@pytest.mark.parametrize("place", range(MAX_TEXT_CHARACTERS - 60, MAX_TEXT_CHARACTERS))
def test_a_secret_on_the_edge_of_the_cut_is_recognised(place: int) -> None:
    secret = mint_secret(Prefix.ACCESS)

    text = redact_text("." * place + secret + "." * 100)

    assert secret[:10] not in text
    assert len(text) == MAX_TEXT_CHARACTERS


def test_half_a_secret_is_masked_too() -> None:
    secret = mint_secret(Prefix.REFRESH)

    assert redact_text(secret[:24]) == MASK


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x00b", "ab"),
        ("a\ud800b", "a?b"),
        ("zażółć 🙂", "zażółć 🙂"),
        ("", ""),
    ],
)
def test_text_is_what_every_database_takes(text: str, clean: str) -> None:
    assert redact_text(text) == clean
    assert redact({text: text}) == {clean: clean}


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(math.nan, id="not a number"),
        pytest.param(math.inf, id="infinite"),
        pytest.param(-math.inf, id="infinite below"),
        pytest.param(10**400, id="immense"),
        pytest.param(-(10**400), id="immense below"),
        pytest.param(10**5000, id="too long to write"),
    ],
)
def test_numbers_that_json_columns_refuse_are_cut(number: float) -> None:
    assert redact({"n": number}) == {"n": CUT}


@pytest.mark.parametrize("value", [0, -7, 1.5, True, False, None, 2**63])
def test_ordinary_values_stay_as_they_are(value: Any) -> None:
    assert redact(value) is value


def test_deep_nesting_is_cut() -> None:
    value: Any = "bottom"
    for _ in range(50_000):
        value = [value]

    shown = json.dumps(redact(value))

    assert "bottom" not in shown
    assert len(shown) < 100


def test_long_lists_and_objects_are_cut() -> None:
    assert len(redact(list(range(10_000)))) == MAX_ITEMS
    assert len(redact({str(number): number for number in range(10_000)})) == MAX_ITEMS


def test_what_is_not_json_is_recorded_as_text() -> None:
    assert redact({1: {"x"}, None: (b"x",)}) == {"1": "{'x'}", "None": ["b'x'"]}


def test_the_given_value_is_left_alone() -> None:
    given = {"password": "hunter2", "list": [{"token": "x"}]}

    redact(given)

    assert given == {"password": "hunter2", "list": [{"token": "x"}]}


def test_arguments_that_are_too_long_keep_their_names_only() -> None:
    long = [["x" * 500] * 100] * 100

    kept = redact_arguments({"model": "shop.product", "fields": long, "limit": 5})

    assert kept == {"model": "shop.product", "fields": CUT, "limit": 5}


def test_all_arguments_together_are_bounded() -> None:
    long = {f"field{number}": "x" * 500 for number in range(90)}

    kept = redact_arguments(long)

    assert list(kept) == list(long)
    assert len("".join(kept.values())) < MAX_ARGUMENTS_CHARACTERS + 90 * len(CUT)
    assert CUT in kept.values()


def test_what_stands_under_a_hidden_name_is_masked_but_no_argument_as_a_whole() -> None:
    given = {
        "model": "a.b",
        "values": {"model": "x", "name": "y"},
        "ids": [{"model": 1}],
    }

    kept = redact_arguments(given, hides=lambda name: name == "model")

    assert kept == {
        "model": "a.b",
        "values": {"model": MASK, "name": "y"},
        "ids": [{"model": MASK}],
    }


def test_names_that_an_agent_invents_are_forgotten() -> None:
    def redact_one(number: int) -> None:
        redact_arguments({f"{number:06}" + "a" * 500_000: 1})

    redact_one(0)
    tracemalloc.start()
    for number in range(1, 31):
        redact_one(number)
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept < 1_000_000, "of 15 million characters"
