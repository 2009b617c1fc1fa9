"""Whatever fits a tool's schema gets an answer or a clear word, and nothing else gets in.

Arguments are made from the schemas that clients are told, about records that exist or
not, for three people. `make reliability` tries 200 of each sort for each tool.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from jsonschema import Draft202012Validator
from pytest_django.plugin import DjangoDbBlocker

from agent_connector.mcp.schemas import input_schema, output_schema
from agent_connector.models import Connection
from agent_connector.policy.caller import Caller
from agent_connector.tools.call import call_tool
from agent_connector.tools.definition import Tool, ToolFailed, encode_answer
from agent_connector.tools.registry import all_tools
from tests.schemas.calls import Call, allowed_calls, filled_in, spoiled_calls
from tests.schemas.shop import World, make_world
from tests.statements import statements

pytestmark = pytest.mark.django_db
QUICK = 8
LONG = pytest.param(200, id="long", marks=pytest.mark.reliability)
EACH_TOOL = pytest.mark.parametrize("tool", all_tools(), ids=lambda tool: tool.name)
TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE|JOIN) "(\w+)"')


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Fill the shop once for all examples, each of which is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def tried(calls: Any, check: Callable[[Call], str], *, number: int) -> Counter[str]:
    """Return how many examples ended in which way."""
    ends: Counter[str] = Counter()

    @examples(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=number == QUICK,  # `make test` is the same each time
        phases=(Phase.generate, Phase.shrink),
        # Calls take what the database takes, and a call has many arguments.
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
    )
    @given(calls)
    def one(call: Call) -> None:
        with transaction.atomic():
            ends[check(call)] += 1
            transaction.set_rollback(True)

    one()
    return ends


def as_if_new(caller: Caller) -> Caller:
    """Return the caller as a new request finds it, with no permissions in memory."""
    rows = Connection.objects.select_related("client", "user__mcp_access")
    return replace(caller, connection=rows.get(pk=caller.connection.pk))


@EACH_TOOL
@pytest.mark.parametrize("number", [QUICK, LONG])
def test_a_call_that_fits_the_schema_gets_an_answer_that_fits_or_a_clear_word(
    world: World, tool: Tool, number: int
) -> None:
    taken = Draft202012Validator(input_schema(tool.input))
    given_back = Draft202012Validator(output_schema(tool.output))

    def end_of(call: Call) -> str:
        caller = as_if_new(world.callers[call.who])
        taken.validate(call.arguments)
        arguments = filled_in(caller, tool, call.arguments)
        try:
            answer = call_tool(caller, tool.name, arguments, now=timezone.now())
        except ToolFailed as failure:
            if failure.code == "broken":
                raise
            msgspec.json.encode(failure.detail())
            return failure.code
        encoded = encode_answer(answer)
        given_back.validate(json.loads(encoded))
        msgspec.json.decode(encoded, type=tool.output)
        return "answered"

    ends = tried(allowed_calls(world, tool), end_of, number=number)

    assert ends["answered"] or number == QUICK, ends


@EACH_TOOL
@pytest.mark.parametrize("number", [QUICK, LONG])
def test_a_call_that_does_not_fit_is_refused_before_any_record_is_read(
    world: World, tool: Tool, number: int
) -> None:
    def end_of(call: Call) -> str:
        caller = as_if_new(world.callers[call.who])
        with statements() as sent, pytest.raises(ToolFailed) as failed:
            call_tool(caller, tool.name, call.arguments, now=timezone.now())
        assert failed.value.code == "invalid_arguments", failed.value.message
        msgspec.json.encode(failed.value.detail())
        tables = set(TABLE.findall("\n".join(sent)))
        assert tables == {
            "agent_connector_toolcall",
            "agent_connector_mcpaccess",
            "agent_connector_connection",
        }
        return failed.value.code

    tried(spoiled_calls(world, tool), end_of, number=number)
