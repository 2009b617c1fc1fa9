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
    id: Annotated[str, msgspec.Meta(description="Which.")] | int = ""
    ids: list[str | int] = []
    rows: dict[str, Inner] = {}


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


def test_a_choice_of_kinds_is_one_list_with_the_words_of_the_first() -> None:
    properties = input_schema(Outer)["properties"]

    assert properties["id"] == {"description": "Which.", "type": ["string", "integer"]}
    assert properties["ids"]["items"] == {"type": ["string", "integer"]}


def test_rows_of_a_kind_that_is_described_lead_to_it() -> None:
    schema = input_schema(Outer)

    assert schema["properties"]["rows"] == {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Inner"},
    }


def test_an_output_is_told_by_the_names_of_its_own_fields() -> None:
    fields: dict[str, Any] = output_schema(Outer)["properties"]

    assert fields["title"] == fields["inner"] == {}
    assert set(fields) == set(Outer.__struct_fields__)


@pytest.mark.django_db
def test_the_list_of_tools_stays_cheap_to_read() -> None:
    listed = ask(access_token(), "tools/list").content

    assert len(listed) < MAX_LIST_BYTES
