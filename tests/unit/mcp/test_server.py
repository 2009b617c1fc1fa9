"""The library's server with our tools, and the seams of it that we lean on."""

from __future__ import annotations

import inspect
import json
import logging
from typing import Any

import jsonschema
import pytest
from django_mcpz.server import MCPServer
from pytest_django import Settings

from agent_connector.conf import KNOWN_EXTRA_TOOLS
from agent_connector.mcp.server import build_server, the_server
from agent_connector.models import MCPAccess, ToolCall
from agent_connector.tools import Caller, Scope
from agent_connector.tools import tool as agent_tool
from agent_connector.tools.registry import all_tools
from tests.callers import no_written_tools
from tests.factories import make_user
from tests.panel.shop import make_order, make_product
from tests.wire import access_token, ask, ask_modern, call, json_of, send

HANDSHAKES = ["2025-03-26", "2025-06-18", "2025-11-25"]


def test_the_methods_of_the_library_that_we_replace_are_as_we_know_them() -> None:
    library: Any = MCPServer
    known = {
        "_origin_allowed": ["self", "request"],
        "_tools_call": ["self", "request", "request_id", "params", "legacy"],
        "_run_tool": [
            "self",
            "request",
            "request_id",
            "tool",
            "arguments",
            "elicitation",
        ],
        "_tool_error": ["self", "request", "request_id", "text"],
        "_input_required": ["self", "request", "request_id", "elicitation", "required"],
        "_result": ["self", "request", "request_id", "result", "result_type"],
    }

    for name, parameters in known.items():
        assert list(inspect.signature(getattr(library, name)).parameters) == parameters
    source = inspect.getsource(library)
    assert "self._origin_allowed(request)" in source
    assert "self._run_tool(" in source
    assert source.count("self._tools_call(") == 1


def listed(response: Any) -> list[dict[str, Any]]:
    tools: list[dict[str, Any]] = json_of(response)["result"]["tools"]
    return tools


@pytest.mark.django_db
def test_every_tool_is_listed_with_title_hints_and_both_schemas() -> None:
    tools = listed(ask(access_token(), "tools/list"))

    assert [tool["name"] for tool in tools] == [tool.name for tool in all_tools()]
    for tool in tools:
        jsonschema.Draft202012Validator.check_schema(tool["inputSchema"])
        jsonschema.Draft202012Validator.check_schema(tool["outputSchema"])
        assert tool["inputSchema"]["additionalProperties"] is False
        assert tool["outputSchema"]["type"] == "object"
        assert tool["title"]
        assert set(tool["annotations"]) == {
            "readOnlyHint",
            "destructiveHint",
            "idempotentHint",
            "openWorldHint",
        }


@pytest.mark.django_db
def test_the_list_is_the_same_for_everybody_with_the_same_ceiling() -> None:
    root = ask(access_token(), "tools/list").content
    viewer = ask(access_token(make_user(), level="read"), "tools/list").content
    modern = listed(ask_modern(access_token(), "tools/list"))

    assert viewer == root
    assert modern == json.loads(root)["result"]["tools"]


@pytest.mark.django_db
def test_a_tool_above_the_ceiling_is_absent_and_unknown() -> None:
    user = make_user()
    MCPAccess.objects.filter(pk=user.pk).update(ceiling="read")
    token = access_token(user, level="read")

    tools = listed(ask(token, "tools/list"))
    answer = json_of(call(token, "update_record", model="shop.order", id=1, values={}))
    unknown = json_of(call(token, "drop_tables"))

    assert "update_record" not in [tool["name"] for tool in tools]
    assert str(answer).replace("update_record", "…") == (
        str(unknown).replace("drop_tables", "…")
    )
    assert [one.reason for one in ToolCall.objects.order_by("pk")] == [
        "above_ceiling",
        "unknown tool",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("revision", HANDSHAKES)
def test_a_handshake_is_answered_in_the_revision_that_was_asked(revision: str) -> None:
    answer = ask(
        access_token(),
        "initialize",
        protocolVersion=revision,
        capabilities={},
        clientInfo={"name": "test", "version": "1"},
    )

    result = json_of(answer)["result"]
    assert result["protocolVersion"] == revision
    assert result["capabilities"] == {"tools": {}}
    assert "`list_models`" in result["instructions"]
    assert "Mcp-Session-Id" not in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["initialize", "tools/list", "tools/call"])
def test_the_session_of_another_server_is_no_reason_to_refuse(method: str) -> None:
    """No worker keeps sessions, so that none can miss what another one began."""
    token = access_token()
    params = {"name": "list_models", "arguments": {}} if "call" in method else {}
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    body = json.dumps(message).encode()

    foreign = send(token, body, Mcp_Session_Id="of-another-worker")

    assert foreign.status_code == 200
    assert foreign.content == send(token, body).content
    assert "Mcp-Session-Id" not in foreign.headers


@pytest.mark.django_db
def test_the_revision_without_handshake_discovers_and_calls() -> None:
    token = access_token()

    discovered = json_of(ask_modern(token, "server/discover"))["result"]
    called = json_of(ask_modern(token, "tools/call", name="whoami", arguments={}))

    assert "2026-07-28" in discovered["supportedVersions"]
    assert called["result"]["structuredContent"]["connection"]["level"] == "write"


@pytest.mark.django_db
def test_every_answer_matches_its_own_schema() -> None:
    product, order = make_product(), make_order(lines=((1, "5.00"),))
    token = access_token()
    schemas = {
        tool["name"]: tool["outputSchema"] for tool in listed(ask(token, "tools/list"))
    }
    calls: list[tuple[str, dict[str, Any]]] = [
        ("whoami", {}),
        ("list_models", {}),
        ("describe_model", {"model": "shop.order"}),
        ("describe_model", {"model": "shop.product", "id": product.pk}),
        ("describe_model", {"model": "shop.order", "purpose": "add"}),
        ("search_records", {"model": "shop.product", "facets": True}),
        ("get_record", {"model": "shop.order", "id": order.pk}),
        ("lookup_choices", {"model": "shop.order", "field": "customer"}),
        ("get_history", {"mine": True}),
        (
            "update_record",
            {"model": "shop.order", "id": str(order.pk), "values": {"note": "x"}},
        ),
        (
            "preview_change",
            {"kind": "delete", "model": "shop.order", "ids": [order.pk]},
        ),
        (
            "preview_change",
            {
                "kind": "update",
                "model": "shop.order",
                "ids": [order.pk],
                "values": {"note": "y"},
            },
        ),
    ]

    for name, arguments in calls:
        result = json_of(call(token, name, **arguments))["result"]
        assert not result["isError"], result
        jsonschema.validate(result["structuredContent"], schemas[name])
        assert json.loads(result["content"][0]["text"]) == result["structuredContent"]


@pytest.mark.django_db
def test_an_answer_of_the_projects_own_tool_matches_the_schema_of_its_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_written_tools(monkeypatch)

    @agent_tool(needs=Scope.READ)
    def count_books(caller: Caller) -> dict[str, list[int]]:
        """Counts the books of each shelf."""
        return {"books": [3, 4]}

    token = access_token()

    told = listed(ask(token, "tools/list"))[-1]
    result = json_of(call(token, "count_books"))["result"]

    assert told["name"] == "count_books"
    assert told["inputSchema"]["additionalProperties"] is False
    assert result["structuredContent"] == {"books": [3, 4]}
    jsonschema.validate(result["structuredContent"], told["outputSchema"])


def test_a_tool_that_is_off_by_default_takes_less_than_a_kilobyte(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {"EXTRA_TOOLS": KNOWN_EXTRA_TOOLS}
    server = build_server(all_tools())

    sizes = {
        name: len(json.dumps(server.definition_of(name))) for name in KNOWN_EXTRA_TOOLS
    }

    assert max(sizes.values()) < 1000


@pytest.mark.django_db
def test_an_error_of_a_tool_is_one_json_text_that_helps() -> None:
    token = access_token()

    result = json_of(call(token, "search_records", model="shop.prodct"))["result"]

    assert result["isError"] is True
    assert "structuredContent" not in result
    [block] = result["content"]
    told = json.loads(block["text"])
    assert "`shop.product`" in told["message"]
    assert told["code"] == "unknown_model"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("params", "outcome"),
    [
        ({"name": "drop_tables", "arguments": {}}, "refused"),
        ({"name": "whoami", "arguments": [1]}, "failed"),
        ({"name": "whoami", "arguments": "x"}, "failed"),
        ({"name": "whoami", "arguments": {"x": 1}}, "failed"),
        ({"name": "whoami"}, "done"),
        ({"name": "whoami", "arguments": {}, "requestState": "forged"}, "failed"),
    ],
    ids=str,
)
def test_each_attempt_leaves_exactly_one_record(
    params: dict[str, Any], outcome: str
) -> None:
    answer = ask(access_token(), "tools/call", **params)

    assert answer.status_code == 200
    assert ToolCall.objects.get().outcome == outcome


@pytest.mark.django_db
def test_a_message_that_is_no_call_leaves_no_record() -> None:
    token = access_token()

    ask(token, "tools/call", name=7)
    ask(token, "tools/call")
    ask(token, "no/such/method")
    ask(token, "ping")

    assert not ToolCall.objects.exists()


@pytest.mark.django_db
def test_the_library_writes_no_arguments_into_the_logs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        call(access_token(), "list_models", query="canary")

    assert "django_mcpz.calls" not in [record.name for record in caplog.records]
    assert not any("canary" in str(vars(one)) for one in caplog.records)


def test_the_server_is_built_once() -> None:
    assert the_server() is the_server()


def test_a_server_has_the_tools_that_it_was_given() -> None:
    server = build_server([])

    assert server._tools == {}  # noqa: SLF001
    assert server.server_info["title"]
