"""What is hidden, withheld or missing is told in the same words."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User

from agent_connector.tools.modeladmin import find
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.narrowed import narrow
from panel.shop.models import Product
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_product

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["auth.user", "auth.group", "agent_connector.mcpuser", "sessions.session"]
)
def test_a_withheld_model_does_not_exist_even_for_a_superuser(name: str) -> None:
    failure = failure_of(make_caller(), "describe_model", model=name)

    assert failure.code == "unknown_model"
    assert name not in failure.message.replace(f"`{name}`", "")


@pytest.mark.parametrize(
    ("name", "missing", "reason"),
    [
        ("auth.permission", "auth.permissiox", "model is withheld"),
        ("shop.category", "shop.categorx", "permission_missing"),
    ],
)
def test_missing_withheld_and_forbidden_models_give_the_same_words(
    name: str, missing: str, reason: str
) -> None:
    caller = make_caller(make_user(permissions=("shop.view_order",)))

    told = str(failure_of(caller, "describe_model", model=name).detail())
    recorded = last_call().reason
    told_missing = str(failure_of(caller, "describe_model", model=missing).detail())

    assert told.replace(name, "…") == told_missing.replace(missing, "…")
    assert (recorded, last_call().reason) == (reason, "unknown model")


def test_only_models_that_the_user_may_view_are_suggested() -> None:
    caller = make_caller(make_user(permissions=("shop.view_order",)))

    assert "`shop.order`" in failure_of(caller, "describe_model", model="order").message
    assert "product" not in (
        failure_of(caller, "describe_model", model="shop.produce").message.replace(
            "shop.produce", ""
        )
    )


def test_a_model_is_found_in_any_case() -> None:
    assert find_admin(make_caller(), "shop.Product").model is Product


@pytest.mark.parametrize(
    ("tool", "more"),
    [
        ("get_record", {}),
        ("get_record", {"include": ["history"]}),
        ("describe_model", {}),
        ("describe_model", {"purpose": "change"}),
        ("lookup_choices", {"field": "category"}),
        ("lookup_choices", {"field": "no such field"}),
        ("get_history", {}),
        ("get_history", {"mine": True}),
        ("update_record", {"values": {"name": "x"}}),
    ],
    ids=str,
)
def test_a_hidden_row_is_told_as_a_missing_one_byte_by_byte(
    tool: str, more: dict[str, Any]
) -> None:
    draft = make_product(status=Product.Status.DRAFT)
    caller = make_caller(
        make_user(permissions=("shop.view_product", "shop.change_product"))
    )

    hidden = failure_of(caller, tool, model="shop.product", id=draft.pk, **more)
    missing = failure_of(caller, tool, model="shop.product", id=10**6, **more)

    assert hidden.code == "not_found"
    assert str(hidden.detail()).replace(str(draft.pk), "#") == (
        str(missing.detail()).replace(str(10**6), "#")
    )


def test_a_row_that_the_user_may_not_view_is_told_as_a_missing_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PerObject(admin.ModelAdmin):
        def has_view_permission(self, request: Any, obj: Any = None) -> bool:
            del request
            return obj is None

        def has_change_permission(self, request: Any, obj: Any = None) -> bool:
            del request, obj
            return False

    use_admin(monkeypatch, Product, PerObject)
    product = make_product()

    failure = failure_of(
        make_caller(), "get_record", model="shop.product", id=product.pk
    )

    assert failure.code == "not_found"


@pytest.mark.parametrize(
    "pk", ["☃", "9" * 255, "1' OR '1'='1", "..", "a/b", "1\n2", -1, 10**30]
)
def test_any_id_is_an_answer_and_never_a_bug(pk: Any) -> None:
    failure = failure_of(make_caller(), "get_record", model="shop.product", id=pk)

    assert failure.code == "not_found"


@pytest.mark.parametrize("pk", ["", "x" * 256, 1.5, None, ["1"]])
def test_what_cannot_be_an_id_is_an_invalid_argument(pk: Any) -> None:
    failure = failure_of(make_caller(), "get_record", model="shop.product", id=pk)

    assert failure.code == "invalid_arguments"


def test_a_user_whom_the_admin_does_not_let_in_sees_nothing() -> None:
    caller = make_caller()
    User.objects.filter(pk=caller.user.pk).update(is_staff=False)
    caller.user.is_staff = False

    failure = failure_of(caller, "list_models")

    assert failure.code == "permission_missing"


def test_who_may_only_add_learns_how_and_nothing_else() -> None:
    category = make_category("Lamps")
    rights = ("shop.add_product", "shop.view_category")
    caller = make_caller(make_user(permissions=rights))
    add: dict[str, Any] = {"model": "shop.product", "purpose": "add"}
    look: dict[str, Any] = {"model": "shop.product", "field": "category"}

    described = call(caller, "describe_model", **add)
    offered = call(caller, "lookup_choices", **look)

    assert "category" in described["fields"]["properties"]
    assert described["url"].endswith("/admin/shop/product/add/")
    assert [one["id"] for one in offered["choices"]] == [str(category.pk)]
    for tool, asked in (
        ("describe_model", {**add, "purpose": "change"}),
        ("describe_model", {"model": "shop.product"}),
        ("lookup_choices", {**look, "id": make_product().pk}),
        ("get_history", {"model": "shop.product"}),
    ):
        assert failure_of(caller, tool, **asked).code == "unknown_model"


def test_who_may_neither_view_nor_add_is_told_that_there_is_no_such_model() -> None:
    caller = make_caller(make_user(permissions=("shop.view_category",)))

    failure = failure_of(caller, "describe_model", model="shop.product", purpose="add")

    assert failure.code == "unknown_model"


def test_only_the_model_that_is_named_is_narrowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed = []

    def note(admin: Any, caller: Any) -> Any:
        narrowed.append(admin.model)
        return narrow(admin, caller)

    monkeypatch.setattr(find, "narrow", note)

    find_admin(make_caller(), "shop.product")

    assert narrowed == [Product]


def test_the_rows_of_a_many_to_many_field_are_no_model_to_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    through = Product.tags.through
    use_admin(monkeypatch, through, admin.ModelAdmin)

    failure = failure_of(
        make_caller(), "describe_model", model=through._meta.label_lower
    )

    assert failure.code == "unknown_model"
