"""Values before and after reach the record redacted, and not too many of them."""

from __future__ import annotations

import json

import pytest

from agent_connector.audit.changes import (
    LEFT_OUT,
    MAX_CHARACTERS,
    MAX_VALUES,
    RecordChange,
    stored_changes,
)
from agent_connector.audit.redact import MASK
from agent_connector.connections.secret import Prefix, mint_secret


def test_each_value_is_an_item_that_says_whose_it_is() -> None:
    change = RecordChange(
        model="shop.product",
        object_id="7",
        before={"price": "1.00", "stock": 3},
        after={"price": "2.00", "stock": 0},
    )

    assert stored_changes([change]) == [
        {
            "model": "shop.product",
            "id": "7",
            "field": "price",
            "before": "1.00",
            "after": "2.00",
        },
        {
            "model": "shop.product",
            "id": "7",
            "field": "stock",
            "before": 3,
            "after": 0,
        },
    ]


def test_what_was_not_there_has_no_value_before_and_what_is_gone_none_after() -> None:
    made = RecordChange(model="a.b", object_id="1", after={"name": None})
    gone = RecordChange(model="a.b", object_id="2", before={"name": "x"})

    first, second = stored_changes([made, gone])

    assert "before" not in first
    assert first["after"] is None
    assert "after" not in second


@pytest.mark.parametrize("name", ["password", "api_key", "door_token"])
def test_a_value_under_a_name_that_tells_of_a_credential_is_masked(name: str) -> None:
    change = RecordChange(
        model="a.b", object_id="1", before={name: "hunter2"}, after={name: "hunter3"}
    )

    [item] = stored_changes([change])

    assert (item["before"], item["after"]) == (MASK, MASK)


def test_our_own_secrets_are_masked_wherever_they_stand() -> None:
    secret = mint_secret(Prefix.ACCESS)
    change = RecordChange(
        model="a.b", object_id=secret, before={}, after={"note": f"is {secret}"}
    )

    assert secret[4:] not in json.dumps(stored_changes([change]))


def test_so_many_values_are_kept_and_the_others_counted() -> None:
    change = RecordChange(
        model="a.b", object_id="1", after={f"f{n}": n for n in range(MAX_VALUES + 7)}
    )

    *kept, last = stored_changes([change])

    assert len(kept) == MAX_VALUES
    assert last == {LEFT_OUT: 7}


def test_all_values_together_are_bounded() -> None:
    long = {f"f{number}": ["x" * 500] * 9 for number in range(50)}
    change = RecordChange(model="a.b", object_id="1", after=long)

    stored = stored_changes([change])

    assert len(json.dumps(stored)) < MAX_CHARACTERS + 200
    assert stored[-1][LEFT_OUT] == 50 - (len(stored) - 1)


def test_showing_a_change_shows_no_value() -> None:
    change = RecordChange(
        model="a.b", object_id="1", before={"a": "hunter2"}, after={"a": "hunter3"}
    )

    assert "hunter" not in repr(change)
