"""Call tools as an agent does, without HTTP."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.db import models
from django.utils import timezone

from agent_connector.mcp import endpoint
from agent_connector.mcp.server import build_server
from agent_connector.models import Connection, ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools import mistakes, registry
from agent_connector.tools.call import call_tool
from agent_connector.tools.definition import ToolFailed, encode_answer
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.registry import all_tools
from tests.factories import make_admin, make_connection

if TYPE_CHECKING:
    import pytest
    from django.contrib.auth.models import User


def make_caller(
    user: User | None = None, *, level: str = "write", now: datetime | None = None
) -> Caller:
    """Return a caller with a fresh connection; without a user: a superuser's."""
    owner = user or make_admin(username="")
    connection, _pair = make_connection(owner, level=level, now=now)
    loaded = Connection.objects.select_related("client", "user__mcp_access")
    return Caller(
        connection=loaded.get(pk=connection.pk), level=level, address="192.0.2.9"
    )


def call(caller: Caller, tool: str, **arguments: Any) -> dict[str, Any]:
    """Return the answer as the agent gets it."""
    answer = call_tool(caller, tool, arguments, now=timezone.now())
    decoded: dict[str, Any] = json.loads(encode_answer(answer))
    return decoded


def failure_of(caller: Caller, tool: str, **arguments: Any) -> ToolFailed:
    """Return why the call failed; an answer is an error."""
    try:
        answer = call_tool(caller, tool, arguments, now=timezone.now())
    except ToolFailed as failure:
        return failure
    raise AssertionError(answer)


def last_call() -> ToolCall:
    return ToolCall.objects.latest("pk")


def use_admin(
    monkeypatch: pytest.MonkeyPatch,
    model: type[models.Model],
    admin_class: type[ModelAdmin],
) -> ModelAdmin:
    """Let another ModelAdmin stand for `model` until the test is over."""
    site = admin_site()
    model_admin = admin_class(model, site)
    registered = site._registry  # noqa: SLF001  # put back when the test is over
    monkeypatch.setitem(registered, model, model_admin)
    return model_admin


def no_written_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without tools of the project or mistakes in them, and end as before.

    The endpoint serves what there is at each request, instead of at its first.
    """
    monkeypatch.setattr(registry, "_WRITTEN", {})
    monkeypatch.setattr(mistakes, "_NOTED", {})
    monkeypatch.setattr(endpoint, "the_server", lambda: build_server(all_tools()))
