"""What a role forbids does not exist for the agents of its users."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from agent_connector.models import RolePolicy
from agent_connector.policy.caller import Caller
from agent_connector.policy.role import NO_LIMITS, limits_of
from agent_connector.tools.call import call_tool, is_listed
from agent_connector.tools.definition import RoleChanged
from agent_connector.tools.registry import all_tools, find_tool
from panel.shop.models import Product
from tests.callers import call, failure_of, last_call, make_caller
from tests.factories import make_admin
from tests.panel.shop import make_order, make_product

pytestmark = pytest.mark.django_db


def limited(**policy: Any) -> Caller:
    """Return a superuser's caller, in a role with this policy."""
    user = make_admin(username="")
    group = Group.objects.create(name="Limited")
    user.groups.add(group)
    RolePolicy.objects.create(group=group, **policy)
    return replace(make_caller(user, level="delete"), limits=limits_of(user))


def test_a_forbidden_tool_is_not_listed_and_answers_as_unknown() -> None:
    caller = limited(allowed_tools=["whoami", "list_models"])

    listed = [tool.name for tool in all_tools() if is_listed(caller, tool)]
    forbidden = failure_of(caller, "get_record", model="shop.product", id=1)
    recorded = last_call().reason
    missing = failure_of(caller, "get_recorx", model="shop.product", id=1)

    assert listed == ["whoami", "list_models"]
    assert str(forbidden.detail()).replace("record", "#") == (
        str(missing.detail()).replace("recorx", "#")
    )
    assert (forbidden.code, recorded) == ("unknown_tool", "role_forbids")


def test_a_role_that_only_reads_has_no_tool_that_changes() -> None:
    caller = limited(read_only=True)
    product = make_product(name="Lamp")

    for tool in all_tools():
        if not tool.read_only:
            assert not is_listed(caller, tool)
            assert failure_of(caller, tool.name).code == "unknown_tool"
    assert Product.objects.get(pk=product.pk).name == "Lamp"
    assert call(caller, "get_record", model="shop.product", id=product.pk)["values"]


def test_a_forbidden_model_is_told_as_a_missing_one() -> None:
    caller = limited(allowed_models=["shop.product"])
    order = make_order()

    listed = call(caller, "list_models")["models"]
    forbidden = failure_of(caller, "get_record", model="shop.order", id=order.pk)
    missing = failure_of(caller, "get_record", model="shop.ordex", id=order.pk)

    assert [one["model"] for one in listed] == ["shop.product"]
    assert str(forbidden.detail()).replace("order", "#") == (
        str(missing.detail()).replace("ordex", "#")
    )


def test_a_forbidden_model_is_not_set_through_a_relation() -> None:
    caller = limited(allowed_models=["shop.product"])
    product = make_product()

    failure = failure_of(
        caller,
        "update_record",
        model="shop.product",
        id=product.pk,
        values={"category": str(product.category_id)},
    )

    assert "withheld" in failure.fields["category"][0]


def test_rows_without_an_admin_of_their_own_come_with_their_page() -> None:
    caller = limited(allowed_models=["shop.order"])
    order = make_order(lines=((2, "7.50"),))

    shown = call(caller, "get_record", model="shop.order", id=order.pk)

    assert len(shown["inlines"]["lines"]["rows"]) == 1


def test_a_role_that_is_narrowed_meanwhile_stops_the_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = limited(allowed_models=["shop.product"])
    product = make_product(name="Lamp")
    tool = find_tool("update_record")
    assert tool is not None

    def narrowed_meanwhile(*given: Any) -> Any:
        answer = tool.run(*given)
        RolePolicy.objects.update(allowed_models=["shop.order"])
        return answer

    slow = replace(tool, run=narrowed_meanwhile)
    monkeypatch.setattr("agent_connector.tools.call.find_tool", lambda _name: slow)

    with pytest.raises(RoleChanged):
        call_tool(
            caller,
            "update_record",
            {"model": "shop.product", "id": product.pk, "values": {"name": "x"}},
            now=timezone.now(),
        )
    assert Product.objects.get(pk=product.pk).name == "Lamp"


def test_the_rows_of_a_role_are_the_most_that_any_tool_returns() -> None:
    caller = limited(rows_per_call=2)
    order = make_order(lines=((1, "2.50"), (2, "3.00"), (3, "4.00")))
    for _ in range(5):
        make_product()

    page = call(caller, "search_records", model="shop.product")
    rest = call(
        caller, "search_records", model="shop.product", cursor=page["next_cursor"]
    )
    record = call(caller, "get_record", model="shop.order", id=order.pk)
    choices = call(
        caller, "lookup_choices", model="shop.product", field="category", query=""
    )

    assert (len(page["rows"]), len(rest["rows"])) == (2, 2)
    assert not {one["id"] for one in page["rows"]} & {one["id"] for one in rest["rows"]}
    [lines] = record["inlines"].values()
    assert (len(lines["rows"]), lines["total"], lines["more"]) == (2, 3, True)
    assert len(choices["choices"]) == 2
    assert call(caller, "whoami")["max_rows_per_call"] == 2


def test_who_asks_for_more_rows_than_the_role_has_is_told_how_many() -> None:
    failure = failure_of(
        limited(rows_per_call=2), "search_records", model="shop.product", limit=3
    )

    assert failure.message == "limit: at most 2 rows a call on this site."


def test_a_cursor_of_larger_pages_is_no_good_once_they_are_smaller() -> None:
    narrow = limited(rows_per_call=2)
    free = replace(narrow, limits=NO_LIMITS)
    for _ in range(25):
        make_product()
    page = call(free, "search_records", model="shop.product")

    failure = failure_of(
        narrow, "search_records", model="shop.product", cursor=page["next_cursor"]
    )

    assert "belongs to another question" in failure.message
