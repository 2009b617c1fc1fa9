"""A change goes through the admin's form: all that was asked, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.test import Client

from panel.shop.models import Category, Order, Product, Tag
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.factories import make_client, make_connection, make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)


def update(caller: Any, record: Any, **more: Any) -> dict[str, Any]:
    model = record._meta.label_lower
    values = more.pop("values")
    return call(
        caller, "update_record", model=model, id=record.pk, values=values, **more
    )


def refusal(caller: Any, record: Any, **values: Any) -> Any:
    model = record._meta.label_lower
    return failure_of(caller, "update_record", model=model, id=record.pk, values=values)


def test_a_plain_field_is_changed_and_the_rest_is_kept() -> None:
    tag = Tag.objects.create(name="new")
    product = make_product(available_from=MOMENT, description="a\nb")
    product.tags.add(tag)

    answer = update(make_caller(), product, values={"price": "21.50"})

    assert answer["changed"] == {"price": {"before": "42.00", "after": "21.50"}}
    stored = Product.objects.get(pk=product.pk)
    assert stored.price == Decimal("21.50")
    assert stored.available_from == MOMENT
    assert stored.description == "a\nb"
    assert list(stored.tags.all()) == [tag]


def test_a_moment_in_two_inputs_is_changed() -> None:
    product = make_product(available_from=MOMENT)

    update(
        make_caller(), product, values={"available_from": "2027-01-02T03:04:05+02:00"}
    )

    product.refresh_from_db()
    assert product.available_from == datetime(2027, 1, 2, 1, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("available_from", None, None),
        ("status", "paused", "paused"),
        ("status", {"value": "paused", "label": "Paused"}, "paused"),
        ("stock", 0, 0),
        ("stock", "7", 7),
        ("description", "", ""),
        ("price", 19.9, Decimal("19.90")),
    ],
    ids=str,
)
def test_each_kind_of_value_is_stored(field: str, value: Any, stored: Any) -> None:
    product = make_product(available_from=MOMENT, description="old")

    update(make_caller(), product, values={field: value})

    assert getattr(Product.objects.get(pk=product.pk), field) == stored


def test_relations_are_changed_by_id() -> None:
    product, shelf = make_product(), make_category()
    tags = [Tag.objects.create(name=name) for name in ("a", "b")]

    update(
        make_caller(),
        product,
        values={"category": shelf.pk, "tags": [str(tag.pk) for tag in tags]},
    )

    product.refresh_from_db()
    assert product.category == shelf
    assert list(product.tags.all()) == tags


def test_the_history_names_the_change_the_user_and_the_client() -> None:
    user = make_user(
        permissions=("shop.view_product", "shop.change_product"), is_superuser=True
    )
    product = make_product()
    caller = make_caller(user)

    answer = update(caller, product, values={"price": "1.00"})

    entry = LogEntry.objects.get()
    assert entry.user == user
    assert entry.get_change_message() == "Changed Price. Via Claude Code."
    assert answer["history"] == "Changed Price. Via Claude Code."
    browser = Client()
    browser.force_login(user)
    page = browser.get(f"/admin/shop/product/{product.pk}/history/")
    assert "Changed Price. Via Claude Code." in page.content.decode()


def test_a_client_cannot_write_markup_into_the_history() -> None:
    user = make_user(is_superuser=True)
    client = make_client("<script>alert(1)</script>")
    connection, _pair = make_connection(user, client)
    caller = make_caller(user)
    caller.connection.client_name = connection.client_name
    product = make_product()

    update(caller, product, values={"price": "1.00"})

    browser = Client()
    browser.force_login(user)
    page = browser.get(f"/admin/shop/product/{product.pk}/history/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_values_that_are_there_already_change_nothing() -> None:
    product = make_product(available_from=MOMENT)
    before = Product.objects.get(pk=product.pk).updated_at

    answer = update(
        make_caller(),
        product,
        values={"price": "42", "available_from": "2026-05-01T12:30:00+02:00"},
    )

    assert answer["changed"] == {}
    assert not LogEntry.objects.exists()
    assert Product.objects.get(pk=product.pk).updated_at == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"prise": "1.00"}, "prise"),
        ({"price": "1.00", "created_at": "2026-01-01T00:00:00Z"}, "created_at"),
        ({"price": "1.00", "id": 7}, "id"),
        ({"price": "much"}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": "1e400"}, "price"),
        ({"price": None}, "price"),
        ({"stock": 10**30}, "stock"),
        ({"stock": 1.5}, "stock"),
        ({"status": "sold"}, "status"),
        ({"category": "404"}, "category"),
        ({"category": "☃"}, "category"),
        ({"tags": ["404"]}, "tags"),
        ({"name": ["a"]}, "name"),
        ({"name": "x" * 500}, "name"),
        ({"sku": "wrong"}, "sku"),
        ({"available_from": "soon"}, "available_from"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_by_its_field_and_nothing_is_changed(
    values: dict[str, Any], field: str
) -> None:
    make_category()
    product = make_product()

    failure = refusal(make_caller(), product, **values)

    assert failure.code == "invalid_values"
    assert field in failure.fields
    assert Product.objects.get(pk=product.pk).price == Decimal("42.00")
    assert not LogEntry.objects.exists()
    assert last_call().outcome == "failed"


def test_a_rule_over_several_fields_is_told_by_its_field() -> None:
    order = make_order()

    failure = refusal(make_caller(), order, status="shipped")

    assert failure.fields.keys() == {"shipped_at"}
    assert "shipped_at" in failure.following


def test_a_unique_value_that_is_taken_is_told_by_its_field() -> None:
    first, second = make_product(), make_product()

    assert "sku" in refusal(make_caller(), second, sku=first.sku).fields


def test_rows_that_belong_to_the_record_are_not_lost() -> None:
    order = make_order(lines=((2, "5.00"), (1, "3.00")))
    before = list(order.lines.order_by("pk").values())

    answer = update(make_caller(), order, values={"note": "Ring the bell."})

    assert list(answer["changed"]) == ["note"]
    assert list(Order.objects.get(pk=order.pk).lines.order_by("pk").values()) == before


def test_a_row_that_breaks_a_rule_of_today_is_named() -> None:
    """As on the page: what was stored before the rule has to be mended first."""
    order = make_order(lines=((1, "5.00"),))
    order.lines.update(quantity=0)

    failure = refusal(make_caller(), order, note="x")

    assert failure.fields.keys() == {f"lines[{order.lines.get().pk}].quantity"}
    assert Order.objects.get(pk=order.pk).note == ""


def test_rows_survive_when_the_user_may_only_view_them() -> None:
    order = make_order(lines=((2, "5.00"),))
    user = make_user(
        permissions=("shop.view_order", "shop.change_order", "shop.view_orderline")
    )

    update(make_caller(user), order, values={"note": "x"})

    assert order.lines.get().quantity == 2


def test_a_viewer_is_told_the_permission_that_is_missing() -> None:
    product = make_product()
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    failure = refusal(caller, product, price="1.00")

    assert failure.code == "permission_missing"
    assert "shop.change_product" in failure.message
    assert last_call().outcome == "refused"


def test_a_stale_version_is_a_conflict() -> None:
    product, caller = make_product(), make_caller()
    seen = call(caller, "get_record", model="shop.product", id=product.pk)["version"]
    Product.objects.filter(pk=product.pk).update(stock=1)

    failure = failure_of(
        caller,
        "update_record",
        model="shop.product",
        id=product.pk,
        values={"price": "1.00"},
        expected_version=seen,
    )

    assert failure.code == "conflict"


def test_the_present_version_lets_the_change_pass_and_the_answer_has_the_next() -> None:
    product, caller = make_product(), make_caller()
    seen = call(caller, "get_record", model="shop.product", id=product.pk)["version"]

    answer = update(caller, product, values={"price": "1.00"}, expected_version=seen)

    again = call(caller, "get_record", model="shop.product", id=product.pk)
    assert answer["version"] == again["version"] != seen


@pytest.mark.parametrize("values", [{}, [], "price", None])
def test_values_have_to_be_an_object_with_something_in_it(values: Any) -> None:
    failure = failure_of(
        make_caller(), "update_record", model="shop.product", id=1, values=values
    )

    assert failure.code == "invalid_arguments"


def test_the_hooks_of_the_admin_are_called_and_its_messages_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Hooked(admin.ModelAdmin):
        def save_model(
            self,
            request: Any,
            obj: Any,
            form: Any,
            change: bool,  # noqa: FBT001
        ) -> None:
            obj.slug = "set-by-the-site"
            super().save_model(request, obj, form, change)
            messages.info(request, f"Saved by {request.user}.")

    use_admin(monkeypatch, Category, Hooked)
    category, caller = make_category(), make_caller()

    answer = update(caller, category, values={"name": "Garden"})

    assert answer["messages"] == [f"Saved by {caller.user}."]
    assert Category.objects.get(pk=category.pk).slug == "set-by-the-site"


def test_what_the_sites_own_code_puts_in_its_place_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stubborn(admin.ModelAdmin):
        def save_model(
            self,
            request: Any,
            obj: Any,
            form: Any,
            change: bool,  # noqa: FBT001
        ) -> None:
            obj.name = form.initial["name"]
            super().save_model(request, obj, form, change)

    use_admin(monkeypatch, Category, Stubborn)
    category = make_category("Kitchen")

    failure = refusal(make_caller(), category, name="Garden")

    assert failure.code == "not_applied"
    assert failure.fields.keys() == {"name"}
    assert not LogEntry.objects.exists()


def test_a_change_may_take_the_record_out_of_the_users_sight() -> None:
    """Without the permission for drafts, a draft is gone once it is one."""
    product = make_product()
    user = make_user(permissions=("shop.view_product", "shop.change_product"))
    caller = make_caller(user)

    answer = update(caller, product, values={"status": "draft"})

    assert answer["changed"]["status"]["after"]["value"] == "draft"
    assert refusal(caller, product, status="on_sale").code == "not_found"
