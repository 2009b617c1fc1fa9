"""No tool tells what is hidden from what is missing: the same bytes, the same effort."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from agent_connector.tools.call import call_tool
from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.registry import all_tools
from panel.shop.models import Product
from tests.callers import make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_product
from tests.statements import statements
from tests.wire import access_token, call

pytestmark = pytest.mark.django_db

HIDDEN, MISSING, SEEN = 700_001, 700_002, 700_003
EVERY = ("view", "add", "change", "delete")
TRIES: list[tuple[str, dict[str, Any]]] = [
    ("get_record", {"include": ["history", "inlines"]}),
    ("describe_model", {"purpose": "change"}),
    ("lookup_choices", {"field": "category"}),
    ("get_history", {}),
    ("update_record", {"values": {"name": "x"}}),
    ("update_record", {"values": {"price": "dear", "no such": 1}}),
    ("update_record", {"values": {"name": "x"}, "expected_version": "stale"}),
    ("update_record", {"values": {}, "inlines": {"no such": {"delete": [1]}}}),
    ("preview_change", {"kind": "delete"}),
    ("preview_change", {"kind": "action", "action": "restock"}),
    ("preview_change", {"kind": "update", "values": {"name": "x"}}),
    ("delete_records", {"confirm": "x"}),
    ("run_action", {"action": "restock", "confirm": "x"}),
]
"""Every tool that names records, also with something else that is wrong."""

FIELDS = {tool.name: set(tool.input.__struct_fields__) for tool in all_tools()}


def named(tool: str, pk: int, more: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that name this record, after one that is seen if it can be."""
    seen = [] if more.get("kind") == "update" else [SEEN]
    record = {"id": pk, "ids": [*seen, pk]}
    taken = {name: record[name] for name in record if name in FIELDS[tool]}
    return {"model": "shop.product", **taken, **more}


@pytest.fixture(params=["by the queryset", "by its own permission"])
def _hidden(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a product that is seen, and one that is not."""
    make_product(pk=SEEN)
    if request.param == "by the queryset":
        make_product(pk=HIDDEN, status=Product.Status.DRAFT)
        return
    make_product(pk=HIDDEN)
    known: Any = type(admin_site().get_model_admin(Product))

    def may(act: str) -> Any:
        def judge(self: Any, request: Any, obj: Any = None) -> bool:
            allowed: Any = getattr(super(ByObject, self), f"has_{act}_permission")
            is_shown = obj is None or obj.pk != HIDDEN
            return is_shown and bool(allowed(request, obj))

        return judge

    acts = {f"has_{act}_permission": may(act) for act in ("view", "change", "delete")}
    ByObject: Any = type("ByObject", (known,), acts)  # noqa: N806  # a class
    use_admin(monkeypatch, Product, ByObject)


def make_person(*rights: str) -> Any:
    return make_user(permissions=tuple(f"shop.{right}_product" for right in rights))


def test_every_tool_that_names_records_is_tried() -> None:
    naming = {tool for tool, fields in FIELDS.items() if fields & {"id", "ids"}}

    assert {tool for tool, _more in TRIES} == naming


@pytest.mark.usefixtures("_hidden")
@pytest.mark.parametrize("rights", [EVERY, ("view",)], ids=["all rights", "view only"])
@pytest.mark.parametrize(("tool", "more"), TRIES, ids=str)
def test_a_hidden_row_is_answered_byte_by_byte_as_a_missing_one(
    tool: str, more: dict[str, Any], rights: tuple[str, ...]
) -> None:
    token = access_token(make_person(*rights), level="delete")

    hidden, missing = (
        call(token, tool, **named(tool, pk, more)) for pk in (HIDDEN, MISSING)
    )

    assert hidden.status_code == missing.status_code == 200
    assert hidden.content.replace(b"700001", b"700002") == missing.content
    assert b"not_found" in hidden.content or b"offers this user no" in hidden.content


@pytest.mark.usefixtures("_hidden")
@pytest.mark.parametrize("rights", [EVERY, ("view",)], ids=["all rights", "view only"])
@pytest.mark.parametrize(("tool", "more"), TRIES, ids=str)
def test_a_hidden_row_costs_the_statements_of_a_missing_one(
    tool: str, more: dict[str, Any], rights: tuple[str, ...]
) -> None:
    caller = make_caller(make_person(*rights), level="delete")

    def asked(pk: int) -> int:
        with statements() as seen, pytest.raises(ToolFailed):
            call_tool(caller, tool, named(tool, pk, more), now=timezone.now())
        return len(seen)

    asked(MISSING)  # permissions are read once for a caller
    assert asked(HIDDEN) == asked(MISSING)


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [("shop.category", "shop.categorx"), ("auth.permission", "auth.permissiox")],
    ids=["no permission", "withheld"],
)
@pytest.mark.parametrize(
    ("tool", "more"),
    [*TRIES, ("search_records", {}), ("create_record", {"values": {}})],
    ids=str,
)
def test_a_hidden_model_is_answered_byte_by_byte_as_a_missing_one(
    tool: str, more: dict[str, Any], hidden: str, missing: str
) -> None:
    token = access_token(make_person(*EVERY), level="delete")

    told = [
        call(token, tool, **{**named(tool, SEEN, more), "model": model}).content
        for model in (hidden, missing)
    ]

    assert told[0].replace(hidden.encode(), missing.encode()) == told[1]
    assert b"unknown_model" in told[0]
