"""Clients read short schemas; calls are judged by the whole struct."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest

from agent_connector.mcp.schemas import input_schema, output_schema
from tests.wire import access_token, ask

MAX_LIST_BYTES = 12_000


class Inner(msgspec.Struct):
    title: str


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    title: Annotated[str, msgspec.Meta(max_length=9, description="What.")] = ""
    pages: Annotated[int, msgspec.Meta(ge=1)] = 20
    wanted: dict[str, str | list[int]] = {}
    inner: list[Inner] = []
    best: Inner | None = None


def test_an_input_keeps_names_words_and_limits_that_matter() -> None:
    schema = input_schema(Outer)

    assert schema["properties"]["title"] == {"description": "What.", "type": "string"}
    assert schema["properties"]["pages"] == {
        "type": "integer",
        "minimum": 1,
        "default": 20,
    }
    assert schema["properties"]["wanted"] == {"type": "object"}
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Inner"]["properties"] == {"title": {"type": "string"}}


def test_an_output_is_told_to_the_depth_of_its_own_fields() -> None:
    fields: dict[str, Any] = output_schema(Outer)["properties"]

    assert fields["title"] == {"type": "string"}
    assert fields["inner"] == {"type": "array"}
    assert fields["best"] == {}


@pytest.mark.django_db
def test_the_list_of_tools_stays_cheap_to_read() -> None:
    listed = ask(access_token(), "tools/list").content

    assert len(listed) < MAX_LIST_BYTES
