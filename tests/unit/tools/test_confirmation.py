"""A confirmation counts once, for ten minutes, for one act of one connection."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from agent_connector.audit.redact import MASK, redact_text
from agent_connector.models import ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools.confirmation import (
    LIFETIME,
    Act,
    confirmation_of,
    require_confirmed,
)
from agent_connector.tools.definition import ToolFailed
from tests.callers import make_caller
from tests.calls import make_call
from tests.factories import make_connection

pytestmark = pytest.mark.django_db

ACT = Act(what="delete", arguments={"model": "shop.order", "ids": ["7"]}, version="a1")


def is_confirmed(caller: Caller, act: Act, confirm: str) -> bool:
    try:
        require_confirmed(caller, act, confirm)
    except ToolFailed as failure:
        return failure.code != "not_confirmed"
    return True


def test_the_act_that_was_previewed_is_confirmed() -> None:
    caller = make_caller()

    assert is_confirmed(caller, ACT, confirmation_of(caller, ACT))


def test_the_order_of_arguments_does_not_matter() -> None:
    caller = make_caller()
    same = replace(ACT, arguments={"ids": ["7"], "model": "shop.order"})

    assert is_confirmed(caller, same, confirmation_of(caller, ACT))


@pytest.mark.parametrize(
    "other",
    [
        {"what": "action"},
        {"arguments": {"model": "shop.order", "ids": ["8"]}},
        {"arguments": {"model": "shop.order", "ids": ["7", "8"]}},
        {"version": "b2"},
    ],
    ids=str,
)
def test_no_other_act_is_confirmed(other: dict[str, Any]) -> None:
    caller = make_caller()

    assert not is_confirmed(caller, replace(ACT, **other), confirmation_of(caller, ACT))


def test_it_does_not_count_for_another_connection_of_the_same_user() -> None:
    caller = make_caller()
    confirm = confirmation_of(caller, ACT)
    second, _pair = make_connection(caller.user)

    assert not is_confirmed(replace(caller, connection=second), ACT, confirm)


def test_it_does_not_count_for_another_user() -> None:
    assert not is_confirmed(make_caller(), ACT, confirmation_of(make_caller(), ACT))


def test_it_does_not_count_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = make_caller()
    confirm = confirmation_of(caller, ACT)
    later = timezone.now() + LIFETIME + timedelta(seconds=2)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)

    assert not is_confirmed(caller, ACT, confirm)


@pytest.mark.parametrize("confirm", ["", "yes", "acy_", "acy_x:y:z", "☃" * 9])
def test_what_we_did_not_sign_confirms_nothing(confirm: str) -> None:
    assert not is_confirmed(make_caller(), ACT, confirm)


def test_what_was_signed_for_something_else_confirms_nothing() -> None:
    caller = make_caller()
    foreign = "acy_" + signing.dumps(["x", 0], salt="another")

    assert not is_confirmed(caller, ACT, foreign)


def test_it_is_used_up_by_the_call_that_was_done() -> None:
    caller = make_caller()
    act = replace(ACT, used_by=("run_action", "shop.order"))
    make_call(connection=caller.connection, tool="run_action", model="shop.order")
    confirm = confirmation_of(caller, act)
    asked = ToolCall.Outcome.ASKED
    for fields in ({"outcome": asked}, {"model": "shop.product"}, {"connection": None}):
        make_call(
            **{
                "connection": caller.connection,
                "tool": "run_action",
                "model": "shop.order",
                **fields,
            }
        )

    assert is_confirmed(caller, act, confirm)
    make_call(connection=caller.connection, tool="run_action", model="shop.order")
    assert not is_confirmed(caller, act, confirm)


def test_the_record_masks_it_wherever_it_stands() -> None:
    confirm = confirmation_of(make_caller(), ACT)

    assert redact_text(f"I was given {confirm}.") == f"I was given {MASK}."


def test_a_confirmation_that_the_record_would_not_mask_is_not_taken() -> None:
    caller = make_caller()
    confirm = confirmation_of(caller, ACT)

    assert not is_confirmed(caller, ACT, confirm.removeprefix("acy_"))
