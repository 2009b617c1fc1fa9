"""What a client that looked around in the shop knows of each model."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from hypothesis import strategies as st

from agent_connector.policy.caller import Caller
from panel.demo.accounts import EDITORS, VIEWERS, seed_roles
from panel.shop.models import OrderLine
from tests.callers import call, make_caller
from tests.factories import make_admin, make_user
from tests.fidelity.sets import SHOP
from tests.fidelity.worlds import fill_shop
from tests.schemas.generate import JSON, TEXT, WHOLE, Strategy, mostly, values_of

FRESH, STALE = "fresh", "stale"
"""Stand for what only an earlier answer gives; `tests/schemas/calls.py` asks for it."""

WORDS = st.sampled_from(("", "product", "nora", "TST-", "code 1", "zzz")) | TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The shop with its staff, in one transaction."""

    callers: dict[str, Caller]
    models: dict[str, dict[str, Strategy]]
    """By label: the likely arguments of a call about that model."""


def make_world() -> World:
    seed_roles()
    fill_shop(Random(1))
    callers = {"admin": make_caller(make_admin("admin"), level="delete")}
    for name, role in (("editor", EDITORS), ("viewer", VIEWERS)):
        user = make_user(name)
        user.groups.add(Group.objects.get(name=role))
        callers[name] = make_caller(user, level="delete")
    return World(
        callers=callers,
        models={label: _likely(callers["admin"], label) for label in SHOP.labels},
    )


def _likely(caller: Caller, label: str) -> dict[str, Strategy]:
    """Return what is worth trying in each argument, by the argument's name."""
    told = call(caller, "describe_model", model=label)
    form = call(caller, "describe_model", model=label, purpose="add")
    fields = form["fields"]["properties"]
    rows = [one["fields"]["properties"] for one in form.get("inlines", {}).values()]
    chosen = [
        name
        for one in (fields, *rows)
        for name, told in one.items()
        if "oneOf" in str(told)
    ]
    columns = st.sampled_from([one["name"] for one in told["columns"]])
    actions = [one["name"] for one in told.get("actions", ())]
    pks = apps.get_model(label).objects.values_list("pk", flat=True)
    ids = _ids(list(pks))
    record = _record(form["fields"], required=form.get("required", []))
    filters = _filters(told.get("filters", ()))
    return {
        "model": st.sampled_from((label, label, label.upper())),
        "app": st.sampled_from(("shop", "Shop", "auth")),
        "query": WORDS,
        "id": ids,
        "ids": st.lists(ids, min_size=1, max_size=3),
        "field": mostly(
            st.sampled_from(chosen or ["name"]), st.sampled_from([*fields])
        ),
        "inline": st.sampled_from([*form.get("inlines", ()), ""]),
        "action": st.sampled_from([*actions * 3, "delete_selected", ""]),
        "filters": filters,
        "ordering": st.lists(
            st.builds("{}{}".format, st.sampled_from(("", "-")), columns), max_size=3
        ),
        "columns": st.lists(columns, max_size=4),
        "limit": st.integers(1, 30),
        "values": record,
        "inlines": _rows(form.get("inlines", {})),
        "all_matching": st.fixed_dictionaries(
            {}, optional={"query": WORDS, "filters": filters}
        ),
        "form": st.dictionaries(
            st.sampled_from(("pieces", "reference")), WHOLE | TEXT, max_size=2
        ),
        "confirm": st.sampled_from((FRESH, FRESH, STALE)),
        "expected_version": st.sampled_from((FRESH, FRESH, STALE)),
        "cursor": st.sampled_from((FRESH, "2.0-0123456789abcdef")),
    }


def _ids(pks: list[Any]) -> Strategy:
    real = st.sampled_from(pks)
    odd = st.sampled_from(("", "0", -1, 2**70, "1_5F", "a/b", "None", "1.0", " 1"))
    return mostly(real | real.map(str), odd)


def _record(schema: dict[str, Any], *, required: list[str]) -> Strategy:
    """Return values as the form asks for them, some of them of another kind."""
    fields = {name: values_of(one) for name, one in schema["properties"].items()}
    whole = st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: one for name, one in fields.items() if name not in required},
    )
    odd = st.dictionaries(st.sampled_from([*fields]), JSON, max_size=2)
    part = st.fixed_dictionaries({}, optional=fields)
    return mostly(whole | part, st.builds(dict.__or__, whole, odd))


def _filters(told: Any) -> Strategy:
    offered = [choice["filters"] for one in told for choice in one.get("choices", ())]
    names = [name for one in told for name in one["parameters"]]
    if not names:
        return st.dictionaries(TEXT, TEXT | WHOLE, max_size=1)
    other = TEXT | WHOLE | st.booleans() | st.lists(TEXT | WHOLE, max_size=2)
    return st.sampled_from(offered) | st.dictionaries(
        st.sampled_from(names), other, max_size=2
    )


def _rows(inlines: dict[str, Any]) -> Strategy:
    """Return changes of rows, more of them than creating a record takes."""
    if not inlines:
        return st.just({})
    ids = _ids(list(OrderLine.objects.values_list("pk", flat=True)))
    changes = {}
    for name, told in inlines.items():
        row = _record(told["fields"], required=told.get("required", []))
        filled = row.filter(bool)
        change = st.fixed_dictionaries({"id": ids, "values": filled})
        add = {"add": st.lists(row, max_size=2)}
        more = {
            "change": st.lists(change, max_size=2),
            "delete": st.lists(ids, max_size=2),
        }
        changes[name] = st.one_of(
            st.fixed_dictionaries({}, optional=add),
            st.fixed_dictionaries({}, optional=add | more),
        )
    return st.fixed_dictionaries({}, optional=changes)
