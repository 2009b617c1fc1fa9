"""What a form drops, or would change unasked, is noticed before it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib import admin

from panel.shop.models import Category, Order, OrderLine
from tests.callers import call, failure_of, make_caller, use_admin
from tests.panel.shop import make_category, make_order

pytestmark = pytest.mark.django_db


class DeafInput(forms.TextInput):
    """A widget that reads another name than it is sent under."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return super().value_from_datadict(data, files, f"{name}_other")


class LossyInput(forms.TextInput):
    """A widget that shows less than there is."""

    def format_value(self, value: Any) -> str:
        return str(value)[:3]


def use_form(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    """Let the admin of categories have a form with these parts."""

    class Form(forms.ModelForm):
        class Meta:
            model = Category
            fields = ("name", "slug", "description")
            widgets = parts.get("widgets", {})

        def clean_name(self) -> str:
            name: str = self.cleaned_data["name"]
            change = parts.get("clean_name", lambda _form, value: value)
            return str(change(self, name))

    class WithForm(admin.ModelAdmin):
        form = Form

    use_admin(monkeypatch, Category, WithForm)


def refusal(record: Any, *, inlines: Any = None, **values: Any) -> Any:
    return failure_of(
        make_caller(),
        "update_record",
        model=record._meta.label_lower,
        id=record.pk,
        values=values,
        inlines=inlines or {},
    )


def test_a_value_that_the_widget_does_not_hear_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_form(monkeypatch, widgets={"description": DeafInput})
    category = make_category()

    failure = refusal(category, description="new")

    assert failure.code == "not_applied"
    assert failure.fields.keys() == {"description"}


def test_a_value_that_the_form_takes_back_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_form(monkeypatch, clean_name=lambda form, _value: form.initial["name"])
    category = make_category("Kitchen")

    failure = refusal(category, name="Garden")

    assert failure.code == "not_applied"
    assert Category.objects.get(pk=category.pk).name == "Kitchen"


def test_a_value_that_the_form_tidies_up_is_a_success_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_form(monkeypatch, clean_name=lambda _form, value: value.upper())
    category = make_category("Kitchen")

    answer = call(
        make_caller(),
        "update_record",
        model="shop.category",
        id=category.pk,
        values={"name": "garden"},
    )

    assert answer["changed"]["name"] == {"before": "Kitchen", "after": "GARDEN"}


def test_a_field_that_nobody_asked_about_is_not_damaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_form(monkeypatch, widgets={"slug": LossyInput})
    category = make_category()

    failure = refusal(category, description="new")

    assert failure.code == "cannot_keep"
    assert failure.fields.keys() == {"slug"}
    assert Category.objects.get(pk=category.pk).slug == category.slug


def test_blanks_around_a_text_are_trimmed_as_in_a_browser_and_told() -> None:
    category = make_category()
    Category.objects.filter(pk=category.pk).update(description="text \n")

    answer = call(
        make_caller(),
        "update_record",
        model="shop.category",
        id=category.pk,
        values={"name": "Garden"},
    )

    assert answer["changed"]["description"]["after"] == "text"


def test_a_row_that_nobody_asked_about_is_not_damaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_lossy_lines(monkeypatch)
    order = make_order(lines=((1, "15.50"), (2, "16.50")))
    first, second = order.lines.order_by("pk")
    change = {"id": first.pk, "values": {"quantity": 3}}

    failure = refusal(order, inlines={"lines": {"change": [change]}})

    assert failure.code == "cannot_keep"
    rows = (first.pk, second.pk)
    assert failure.fields.keys() == {f"lines[{pk}].unit_price" for pk in rows}
    assert order.lines.get(pk=first.pk).quantity == 1


def test_a_row_that_is_deleted_need_not_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_lossy_lines(monkeypatch)
    order = make_order(lines=((1, "15.50"),))
    record = {"model": "shop.order", "id": order.pk}

    deleted = {"lines": {"delete": [order.lines.get().pk]}}
    call(make_caller(), "update_record", **record, inlines=deleted)

    assert not order.lines.exists()


def use_lossy_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lossy(forms.ModelForm):
        class Meta:
            widgets = {"unit_price": LossyInput}

    class Lines(admin.TabularInline):
        model = OrderLine
        form = Lossy

    class Orders(admin.ModelAdmin):
        fields = ("note",)
        inlines = (Lines,)

    use_admin(monkeypatch, Order, Orders)


def test_a_field_that_the_form_uses_up_while_it_saves_is_applied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Placed(forms.ModelForm):
        """Takes its own field away as it saves, as forms that move in a tree do."""

        position = forms.ChoiceField(choices=[("before", "B"), ("after", "A")])

        class Meta:
            model = Category
            fields = ("name", "slug")

        def save(self, commit: bool = True) -> Any:  # noqa: FBT001,FBT002  # Django's own
            self.instance.description = self.cleaned_data.pop("position")
            return super().save(commit)

    class WithPlace(admin.ModelAdmin):
        form = Placed

    use_admin(monkeypatch, Category, WithPlace)
    values = {"name": "Tea", "slug": "tea", "position": "after"}

    call(make_caller(), "create_record", model="shop.category", values=values)

    assert Category.objects.get().description == "after"
