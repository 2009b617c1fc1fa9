"""Where the client can, the person is asked before anything is deleted or run."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.models import ToolCall
from panel.shop.models import Order, Product
from tests.factories import make_admin
from tests.panel.shop import make_order, make_product
from tests.wire import access_token, ask, ask_modern, json_of

pytestmark = pytest.mark.django_db


def deletion_of(order: Order, token: str) -> dict[str, Any]:
    named = {"model": "shop.order", "ids": [order.pk]}
    arguments = {"kind": "delete", **named}
    answer = ask(token, "tools/call", name="preview_change", arguments=arguments)
    shown = json_of(answer)["result"]["structuredContent"]
    return {
        "name": "delete_records",
        "arguments": {**named, "confirm": shown["confirm"]},
    }


def send(token: str, **params: Any) -> dict[str, Any]:
    answer = ask_modern(
        token, "tools/call", capabilities={"elicitation": {"form": {}}}, **params
    )
    result: dict[str, Any] = json_of(answer)["result"]
    return result


def answered(first: dict[str, Any], action: str) -> dict[str, Any]:
    [key] = first["inputRequests"]
    return {
        "inputResponses": {key: {"action": action, "content": {}}},
        "requestState": first["requestState"],
    }


def outcomes() -> list[str]:
    calls = ToolCall.objects.filter(tool="delete_records").order_by("pk")
    return list(calls.values_list("outcome", flat=True))


def test_the_person_is_asked_and_nothing_is_done_yet() -> None:
    order, token = make_order(), access_token(level="delete")

    first = send(token, **deletion_of(order, token))

    [request] = first["inputRequests"].values()
    assert first["resultType"] == "input_required"
    assert request["params"]["message"].startswith(f"Delete 1 order?\n{order}")
    assert Order.objects.exists()
    assert outcomes() == ["asked"]


def test_a_yes_lets_the_call_go_on() -> None:
    order, token = make_order(), access_token(level="delete")
    call = deletion_of(order, token)
    first = send(token, **call)

    second = send(token, **call, **answered(first, "accept"))

    assert second["structuredContent"]["deleted"] == [str(order)]
    assert not Order.objects.exists()
    assert outcomes() == ["asked", "done"]


@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_a_no_refuses_it(action: str) -> None:
    order, token = make_order(), access_token(level="delete")
    call = deletion_of(order, token)
    first = send(token, **call)

    second = send(token, **call, **answered(first, action))

    assert second["isError"]
    assert "did not agree" in second["content"][0]["text"]
    assert Order.objects.exists()
    assert outcomes() == ["asked", "refused"]


def test_a_yes_counts_for_no_other_call() -> None:
    order, other, token = make_order(), make_order(), access_token(level="delete")
    first = send(token, **deletion_of(order, token))

    answer = ask_modern(
        token,
        "tools/call",
        capabilities={"elicitation": {}},
        **deletion_of(other, token),
        **answered(first, "accept"),
    )

    assert json_of(answer)["error"]["code"] == -32602
    assert Order.objects.count() == 2


def test_a_yes_does_not_replace_the_confirmation() -> None:
    order, token = make_order(), access_token(level="delete")
    call = deletion_of(order, token)
    first = send(token, **call)
    Order.objects.filter(pk=order.pk).update(note="x")

    second = send(token, **call, **answered(first, "accept"))

    assert "not_confirmed" in second["content"][0]["text"]
    assert Order.objects.exists()


def test_a_client_that_cannot_ask_needs_the_confirmation_alone() -> None:
    order, second = make_order(), make_order()
    token = access_token(make_admin(), level="delete")

    ask(token, "tools/call", **deletion_of(order, token))
    ask_modern(token, "tools/call", **deletion_of(second, token))

    assert not Order.objects.exists()
    assert outcomes() == ["done", "done"]


def test_an_action_is_asked_about_with_what_was_filled_in() -> None:
    make_product("Kettle", stock=1)
    token = access_token(level="delete")
    named = {"model": "shop.product", "action": "restock", "all_matching": {}}
    preview = ask(
        token,
        "tools/call",
        name="preview_change",
        arguments={"kind": "action", **named},
    )
    confirm = json_of(preview)["result"]["structuredContent"]["confirm"]
    call = {"name": "run_action", "arguments": {**named, "confirm": confirm}}

    first = send(token, **call)
    page = send(token, **call, **answered(first, "accept"))["structuredContent"]
    call["arguments"] = {**named, "confirm": page["confirm"], "form": {"pieces": 5}}
    second = send(token, **call)
    done = send(token, **call, **answered(second, "accept"))

    [request] = second["inputRequests"].values()
    question = "Run “Restock selected products” on 1 product?\nKettle\npieces: 5"
    assert request["params"]["message"] == question
    assert done["structuredContent"]["messages"] == ["Added 5 pieces to 1 product."]
    assert Product.objects.get().stock == 6
