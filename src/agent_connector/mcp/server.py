"""The wire protocol: django-mcpz's server, made from our tools."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import msgspec
from django_mcpz.server import MCPServer, call_logger, public

from agent_connector.mcp.elicitation import asker_for, required_of
from agent_connector.mcp.exchange import exchange_of
from agent_connector.mcp.instructions import INSTRUCTIONS
from agent_connector.mcp.schemas import input_schema, output_schema
from agent_connector.models.trouble import DATABASE_TROUBLE
from agent_connector.tools.call import (
    call_tool,
    explains_itself,
    is_listed,
    record_unrun,
)
from agent_connector.tools.definition import (
    Answer,
    Asked,
    Tool,
    ToolFailed,
    encode_answer,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.registry import all_tools

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_OLDEST = "2025-03-26"
"""The revision of clients that name none."""

_DISTRIBUTION = "django-agent-connector"


class ConnectorServer(MCPServer):
    """The library's server with our way of calling; the endpoint judged the rest."""

    def definition_of(self, name: str) -> dict[str, Any]:
        """Return what `tools/list` says of a tool."""
        return self._tools[name].definition

    def _origin_allowed(self, request: HttpRequest) -> bool:
        """Let through: the endpoint has judged the origin by our own settings."""
        del request
        return True

    def _tools_call(
        self,
        request: HttpRequest,
        request_id: str | int,
        params: dict[str, Any],
        *,
        legacy: bool = False,
    ) -> HttpResponse:
        """Answer a call, and record also one that never came to a tool."""
        exchange = exchange_of(request)
        exchange.is_call = True
        response = super()._tools_call(request, request_id, params, legacy=legacy)
        name = params.get("name")
        # 400 is for headers that do not fit the body: a message, but not a call.
        stopped = not exchange.attempted and response.status_code == HTTPStatus.OK
        if stopped and isinstance(name, str):
            arguments = params.get("arguments")
            record_unrun(exchange.caller, name, arguments, now=exchange.now)
        return response

    def _run_tool(
        self,
        request: HttpRequest,
        request_id: str | int,
        tool: Any,
        arguments: dict[str, Any],
        elicitation: Any,
    ) -> tuple[HttpResponse, str]:
        """Call through our one path, outside the library's savepoints.

        Those would roll back the record of a refusal together with the refused call.
        """
        exchange = exchange_of(request)
        exchange.attempted = True
        try:
            answer = call_tool(
                exchange.caller,
                tool.name,
                arguments,
                now=exchange.now,
                ask=asker_for(request, elicitation),
            )
        except Asked as asked:
            question = self._input_required(
                request, request_id, elicitation, required_of(asked)
            )
            return question, "input_required"
        except ToolFailed as failure:
            exchange.failure = failure
            text = msgspec.json.encode(failure.detail()).decode()
            return self._tool_error(request, request_id, text), "tool_error"
        except DATABASE_TROUBLE as trouble:
            exchange.failure = trouble
            return self._tool_error(request, request_id, "Try again."), "exception"
        return self._result(request, request_id, _result_of(answer, request)), "ok"


def _result_of(answer: Answer, request: HttpRequest) -> dict[str, Any]:
    """Return the answer as structured content, and as text for older clients."""
    encoded = encode_answer(answer)
    text = {"type": "text", "text": encoded.decode()}
    return {
        "content": [text, *_links_beside(answer, request)],
        "structuredContent": msgspec.Raw(encoded),
        "isError": False,
    }


def _links_beside(answer: Answer, request: HttpRequest) -> list[dict[str, str]]:
    """Return the answer's links, for clients of a revision that has them."""
    if request.headers.get("MCP-Protocol-Version", _OLDEST) == _OLDEST:
        return []
    return [
        {
            "type": "resource_link",
            "uri": link.uri,
            "name": link.name,
            "mimeType": link.media_type,
        }
        for link in answer.links
    ]


def build_server(tools: Iterable[Tool]) -> ConnectorServer:
    """Return a server with exactly these tools."""
    server = ConnectorServer(
        name="agent-connector",
        version=_version(),
        title=str(admin_site().site_header),
        instructions=INSTRUCTIONS,
        auth=public,  # the endpoint has verified the token
    )
    for tool in tools:
        _add(server, tool)
    # It would hand raw arguments to whatever the site does with its logs. A filter
    # outlives a later change of the logging settings.
    call_logger.addFilter(_drop)
    return server


@cache
def the_server() -> ConnectorServer:
    """Return the server of this site, built at the first request."""
    return build_server(all_tools())


def _add(server: ConnectorServer, tool: Tool) -> None:
    def permission(request: HttpRequest) -> bool:
        exchange = exchange_of(request)
        if is_listed(exchange.caller, tool):
            return True
        return exchange.is_call and explains_itself(exchange.caller, tool)

    server.tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        # As a dict, so that our own words judge the arguments, and leave a record.
        input_schema=input_schema(tool.input),
        output_schema=output_schema(tool.output),
        read_only=tool.read_only,
        destructive=tool.destructive,
        idempotent=tool.idempotent,
        open_world=tool.open_world,
        permission=permission,
    )(tool.run)


def _drop(_record: logging.LogRecord) -> bool:
    return False


def _version() -> str:
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"
