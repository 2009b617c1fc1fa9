"""A cursor leads on in the question that gave it, for the user who asked it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.cursor import make_cursor, read_cursor
from agent_connector.tools.modeladmin.lookup_choices import LookupChoicesArguments
from tests.callers import make_caller

pytestmark = pytest.mark.django_db
ASKED = LookupChoicesArguments(model="shop.order", field="customer")


def with_cursor(cursor: str, **changes: Any) -> LookupChoicesArguments:
    return msgspec.structs.replace(ASKED, cursor=cursor, **changes)


def test_it_leads_to_its_position() -> None:
    caller = make_caller()

    assert read_cursor(caller, ASKED) == ""
    cursor = make_cursor(caller, with_cursor("anything"), "20-5")
    assert read_cursor(caller, with_cursor(cursor)) == "20-5"


@pytest.mark.parametrize("changes", [{"query": "x"}, {"model": "shop.product"}])
def test_another_question_is_refused(changes: dict[str, Any]) -> None:
    caller = make_caller()
    cursor = make_cursor(caller, ASKED, "20")

    with pytest.raises(ToolFailed, match="another question"):
        read_cursor(caller, with_cursor(cursor, **changes))


def test_another_user_and_another_position_are_refused() -> None:
    caller = make_caller()
    cursor = make_cursor(caller, ASKED, "20")

    with pytest.raises(ToolFailed):
        read_cursor(make_caller(), with_cursor(cursor))
    with pytest.raises(ToolFailed):
        read_cursor(caller, with_cursor(cursor.replace("20-", "40-")))
    with pytest.raises(ToolFailed):
        read_cursor(caller, with_cursor("☃"))
