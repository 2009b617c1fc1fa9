"""Choices are what the field's widget offers this user, and not a row more."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import models

from agent_connector.tools.modeladmin import choices
from panel.shop.models import Category, Customer, Order, OrderLine, Product, Tag
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db


def looked_up(caller: Any, model: str, field: str, **more: Any) -> list[str]:
    answer = call(caller, "lookup_choices", model=model, field=field, **more)
    return [choice["label"] for choice in answer["choices"]]


def limit(
    monkeypatch: pytest.MonkeyPatch, model: type[models.Model], name: str, to: Any
) -> None:
    field: Any = model._meta.get_field(name)
    monkeypatch.setattr(field.remote_field, "limit_choices_to", to)


def test_records_are_found_by_the_search_of_their_own_admin() -> None:
    order, other = make_order(), make_order()
    email = order.customer.email

    [choice] = call(
        make_caller(),
        "lookup_choices",
        model="shop.order",
        field="customer",
        query=email,
    )["choices"]

    assert choice == {
        "id": str(order.customer_id),
        "label": str(order.customer),
        "url": f"http://127.0.0.1:8000/admin/shop/customer/{order.customer_id}/change/",
    }
    assert other.customer_id != order.customer_id


@pytest.mark.parametrize("how", ["autocomplete", "raw id", "select"])
@pytest.mark.parametrize("to", [{"name": "Lamps"}, lambda: {"name": "Lamps"}])
def test_limited_choices_stay_limited(
    monkeypatch: pytest.MonkeyPatch, how: str, to: Any
) -> None:
    class Limited(admin.ModelAdmin):
        autocomplete_fields = ("category",) if how == "autocomplete" else ()
        raw_id_fields = ("category",) if how == "raw id" else ()

    use_admin(monkeypatch, Product, Limited)
    limit(monkeypatch, Product, "category", to)
    make_category("Lamps")
    make_category("Secret lamps")

    found = looked_up(make_caller(), "shop.product", "category", query="lamp")
    described = call(
        make_caller(), "describe_model", model="shop.product", purpose="add"
    )

    assert found == ["Lamps"]
    assert "Secret lamps" not in str(described)


@pytest.mark.parametrize("how", ["autocomplete", "raw id"])
def test_rows_that_the_other_admin_hides_are_not_offered(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    class Line(admin.TabularInline):
        model = OrderLine
        autocomplete_fields = ("product",) if how == "autocomplete" else ()
        raw_id_fields = ("product",) if how == "raw id" else ()

    class Lines(admin.ModelAdmin):
        inlines = (Line,)

    use_admin(monkeypatch, Order, Lines)
    make_product("Kettle")
    make_product("Kettle in secret", status=Product.Status.DRAFT)
    rights = ("view_product", "add_order", "view_order", "add_orderline")
    user = make_user(permissions=tuple(f"shop.{right}" for right in rights))
    asked: dict[str, Any] = {"query": "kettle", "inline": "lines"}

    few = looked_up(make_caller(user), "shop.order", "product", **asked)
    every = looked_up(make_caller(), "shop.order", "product", **asked)
    described = call(
        make_caller(user), "describe_model", model="shop.order", purpose="add"
    )

    assert few == ["Kettle"]
    assert sorted(every) == ["Kettle", "Kettle in secret"]
    assert "in secret" not in str(described)


def test_a_look_up_needs_the_right_to_view_the_other_model() -> None:
    make_category("Lamps")
    caller = make_caller(
        make_user(permissions=("shop.view_product", "shop.add_product"))
    )

    assert looked_up(caller, "shop.product", "category") == []


def test_an_autocomplete_answers_as_the_admins_own_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That asks for the permission to view, and not whether the list would open."""

    class Unseen(admin.ModelAdmin):
        search_fields = ("name",)

        def has_view_permission(self, request: Any, obj: Any = None) -> bool:
            del request, obj
            return False

    class ByLookUp(admin.ModelAdmin):
        autocomplete_fields = ("category",)

    use_admin(monkeypatch, Category, Unseen)
    use_admin(monkeypatch, Product, ByLookUp)
    lamps = make_category("Lamps")
    values = {"name": "Lamp", "sku": "L", "price": "1", "category": str(lamps.pk)}

    failure = failure_of(
        make_caller(), "create_record", model="shop.product", values=values
    )

    assert looked_up(make_caller(), "shop.product", "category") == []
    assert "category" in failure.fields


def test_a_list_box_shows_its_choices_to_everybody_who_sees_it_without_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_admin(monkeypatch, Product, admin.ModelAdmin)
    make_category("Lamps")
    make_category("Kettles")
    caller = make_caller(
        make_user(permissions=("shop.view_product", "shop.add_product"))
    )

    answer = call(
        caller, "lookup_choices", model="shop.product", field="category", query="LAMP"
    )

    assert [one["label"] for one in answer["choices"]] == ["Lamps"]
    assert "url" not in answer["choices"][0]


def test_a_list_box_is_searched_by_what_it_shows_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search in columns that the box does not show would answer guesses at them."""

    class Boxes(admin.ModelAdmin):
        fields = ("customer",)

    use_admin(monkeypatch, Order, Boxes)
    customer = make_order().customer

    assert (
        looked_up(make_caller(), "shop.order", "customer", query=customer.email) == []
    )
    assert looked_up(
        make_caller(), "shop.order", "customer", query=customer.last_name
    ) == [str(customer)]


def test_a_key_other_than_the_id_is_what_the_form_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Form(forms.ModelForm):
        category = forms.ModelChoiceField(Category.objects.all(), to_field_name="slug")

        class Meta:
            model = Product
            fields = ("category",)

    class BySlug(admin.ModelAdmin):
        form = Form

    use_admin(monkeypatch, Product, BySlug)
    shelf = make_category()

    [choice] = call(
        make_caller(), "lookup_choices", model="shop.product", field="category"
    )["choices"]

    assert choice["id"] == shelf.slug
    assert choice["url"].endswith(f"/category/{shelf.pk}/change/")


def test_fixed_choices_are_found_by_their_label() -> None:
    caller = make_caller()

    answer = call(
        caller, "lookup_choices", model="shop.product", field="status", query="on s"
    )

    assert answer["choices"] == [{"id": "on_sale", "label": "On sale"}]


def test_many_to_many_fields_are_looked_up_too() -> None:
    Tag.objects.create(name="new")

    assert looked_up(make_caller(), "shop.product", "tags") == ["new"]


@pytest.mark.parametrize(
    ("model", "field", "query"),
    [("shop.order", "customer", "nora"), ("shop.product", "tags", "tag")],
)
def test_pages_follow_each_other_without_gap_or_overlap(
    monkeypatch: pytest.MonkeyPatch, model: str, field: str, query: str
) -> None:
    monkeypatch.setattr(choices, "MAX_SCANNED", 15)
    for number in range(45):
        Tag.objects.create(name=f"{'tag' if number % 9 else 'other'} {number:02}")
        make_order()
    caller, seen, cursor = make_caller(), [], ""

    for _page in range(9):
        answer = call(
            caller,
            "lookup_choices",
            model=model,
            field=field,
            query=query,
            cursor=cursor,
        )
        seen += [one["id"] for one in answer["choices"]]
        cursor = answer.get("next_cursor", "")
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == (45 if field == "customer" else 40)


def test_a_user_may_be_chosen_from_a_list_box_by_name_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Form(forms.ModelForm):
        keeper = forms.ModelChoiceField(User.objects.all())
        group = forms.ModelChoiceField(Group.objects.all())

        class Meta:
            model = Customer
            fields = ("notes",)

    class Kept(admin.ModelAdmin):
        form = Form

    use_admin(monkeypatch, Customer, Kept)
    make_user(username="amelie", email="amelie@example.com")
    ask: dict[str, Any] = {"model": "shop.customer", "field": "keeper"}

    [choice] = call(make_caller(), "lookup_choices", query="amel", **ask)["choices"]
    by_mail = call(make_caller(), "lookup_choices", query="@example", **ask)
    group = failure_of(
        make_caller(), "lookup_choices", model="shop.customer", field="group"
    )

    assert set(choice) == {"id", "label"}
    assert by_mail["choices"] == []
    assert (group.code, group.allowed) == ("invalid_field", ["keeper"])


def test_the_form_of_one_record_has_its_own_fields(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class ByRecord(admin.ModelAdmin):
        def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
            del request
            return ("customer",) if obj else ()

    use_admin(monkeypatch, Order, ByRecord)
    order = make_order()
    ask: dict[str, Any] = {"model": "shop.order", "field": "customer"}

    failure = failure_of(make_caller(), "lookup_choices", id=order.pk, **ask)

    assert failure.code == "invalid_field"
    assert call(make_caller(), "lookup_choices", **ask)["choices"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"field": "nothing"}, "invalid_field"),
        ({"field": "name"}, "invalid_field"),
        ({"field": "created_at"}, "invalid_field"),
        ({"field": "category", "inline": "lines"}, "invalid_inline"),
        ({"field": "category", "cursor": "20-0000000000000000"}, "invalid_arguments"),
        ({"field": "category", "cursor": "zzz"}, "invalid_arguments"),
        ({"field": "category", "id": 404}, "not_found"),
    ],
    ids=str,
)
def test_what_the_form_does_not_have_is_refused(
    arguments: dict[str, Any], code: str
) -> None:
    failure = failure_of(
        make_caller(), "lookup_choices", model="shop.product", **arguments
    )

    assert failure.code == code


def test_who_may_only_view_has_nothing_to_choose() -> None:
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    failure = failure_of(
        caller, "lookup_choices", model="shop.product", field="category"
    )

    assert failure.allowed == []


def test_rows_of_an_inline_that_the_user_may_only_view_have_nothing_to_choose() -> None:
    rights = ("shop.change_order", "shop.view_order", "shop.view_orderline")
    caller = make_caller(make_user(permissions=rights))
    order = make_order(lines=((1, "5.00"),))

    failure = failure_of(
        caller,
        "lookup_choices",
        model="shop.order",
        field="product",
        inline="lines",
        id=order.pk,
    )

    assert (failure.code, failure.allowed) == ("invalid_inline", [])
