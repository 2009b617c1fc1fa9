"""A form is saved by the steps of the admin's own page, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from agent_connector.tools.modeladmin.edit import Edit
from agent_connector.tools.modeladmin.form import open_form
from agent_connector.tools.modeladmin.links import add_path
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.save import pairs_of
from agent_connector.tools.modeladmin.settable import FILE
from panel.shop.models import Category, Order, OrderLine
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_order

pytestmark = pytest.mark.django_db
NEW = {"name": "Garden", "slug": "garden"}


def test_the_hooks_of_the_admin_are_called_in_its_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps: list[tuple[str, bool]] = []

    class Watching(admin.ModelAdmin):
        def save_form(self, request: Any, form: Any, change: Any) -> Any:
            steps.append(("save_form", change))
            return super().save_form(request, form, change)

        def save_model(self, request: Any, obj: Any, form: Any, change: Any) -> None:
            steps.append(("save_model", change))
            super().save_model(request, obj, form, change)

        def save_related(
            self, request: Any, form: Any, formsets: Any, change: Any
        ) -> None:
            steps.append(("save_related", change))
            super().save_related(request, form, formsets, change)

        def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
            steps.append(("log_addition", False))
            return super().log_addition(request, obj, message)

    use_admin(monkeypatch, Category, Watching)

    call(make_caller(), "create_record", model="shop.category", values=NEW)

    names = ("save_form", "save_model", "save_related", "log_addition")
    assert steps == [(name, False) for name in names]


def test_the_button_is_sent_that_a_browser_presses() -> None:
    model_admin = admin.site.get_model_admin(Category)
    page = AdminRequest(make_caller(), path=add_path(model_admin))

    pairs = dict(pairs_of(open_form(model_admin, page, None), Edit(values=NEW)))

    assert pairs.items() >= {**NEW, "_save": "Save"}.items()
    assert "_saveasnew" not in pairs


def test_a_demanded_field_that_no_agent_can_set_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class WithFile(forms.ModelForm):
        picture = forms.FileField()

    class Demanding(admin.ModelAdmin):
        form = WithFile

    use_admin(monkeypatch, Category, Demanding)

    failure = failure_of(
        make_caller(), "create_record", model="shop.category", values=NEW
    )

    assert failure.fields == {"picture": ["This field is required.", FILE]}


def test_rows_that_the_page_demands_are_demanded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Lines(admin.TabularInline):
        model = OrderLine
        min_num = 1
        extra = 0

    class Orders(admin.ModelAdmin):
        fields = ("note",)
        inlines = (Lines,)

    use_admin(monkeypatch, Order, Orders)
    order = make_order()

    failure = failure_of(
        make_caller(),
        "update_record",
        model="shop.order",
        id=order.pk,
        values={"note": "x"},
    )

    assert "lines.add[0].product" in failure.fields
    assert "lines.add[0].product" in failure.following


def test_a_row_that_the_sites_own_code_does_not_delete_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Keeping(forms.BaseInlineFormSet):
        def delete_existing(self, obj: Any, commit: bool = True) -> None: ...  # noqa: FBT001, FBT002  # Django's own

    class Lines(admin.TabularInline):
        model = OrderLine
        formset = Keeping

    class Orders(admin.ModelAdmin):
        fields = ("note",)
        inlines = (Lines,)

    use_admin(monkeypatch, Order, Orders)
    order = make_order(lines=((1, "5.00"),))
    pk = order.lines.get().pk

    failure = failure_of(
        make_caller(),
        "update_record",
        model="shop.order",
        id=order.pk,
        inlines={"lines": {"delete": [pk]}},
    )

    assert (failure.code, list(failure.fields)) == ("not_applied", [f"lines[{pk}]"])
    assert not LogEntry.objects.exists()


def test_all_of_it_is_undone_when_one_part_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Failing(admin.ModelAdmin):
        def save_related(self, *_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError

    use_admin(monkeypatch, Category, Failing)

    failure = failure_of(
        make_caller(), "create_record", model="shop.category", values=NEW
    )

    assert failure.code == "broken"
    assert not Category.objects.exists()


def test_rows_are_deleted_by_who_may_delete_them_and_not_change_them() -> None:
    order = make_order(lines=((1, "5.00"),))
    line = OrderLine.objects.get()
    rights = ("view_order", "change_order", "view_orderline", "delete_orderline")
    user = make_user(permissions=tuple(f"shop.{right}" for right in rights))

    answer = call(
        make_caller(user),
        "update_record",
        model="shop.order",
        id=order.pk,
        inlines={"lines": {"delete": [line.pk]}},
    )

    assert not OrderLine.objects.exists()
    assert "Deleted order line" in answer["history"]
