"""A field that the site's form shows as dots is secret in every tool and on record."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from pytest_django import Settings

from agent_connector.audit.redact import MASK
from agent_connector.tools import ToolFailed
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.masked import is_masked, masked_by
from agent_connector.tools.registry import all_tools
from panel.shop.models import Customer, Order, OrderLine
from tests.awkward.models import ShownThing, Thing
from tests.awkward.things import make_thing, work_on_awkward_site
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_customer, make_order

PIN = "4071-9982"
DOTS = forms.PasswordInput(render_value=True)

pytestmark = pytest.mark.django_db


class ByMeta(forms.ModelForm):
    class Meta:
        widgets = {"phone": DOTS}


class ByDeclaration(forms.ModelForm):
    phone = forms.CharField(widget=forms.TextInput(attrs={"type": "password"}))


class AsItIsMade(forms.ModelForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "phone" in self.fields:
            self.fields["phone"].widget = DOTS


def _by_field_hook(self: Any, field: Any, request: Any, **options: Any) -> Any:
    if field.name == "phone":
        options["widget"] = DOTS
    return admin.ModelAdmin.formfield_for_dbfield(self, field, request, **options)


def _by_form_hook(self: Any, request: Any, obj: Any = None, **options: Any) -> Any:
    form = admin.ModelAdmin.get_form(self, request, obj, **options)
    if "phone" in form.base_fields:
        form.base_fields["phone"].widget = DOTS
    return form


WAYS: dict[str, dict[str, Any]] = {
    "widgets of the form": {"form": ByMeta},
    "a field of the form": {"form": ByDeclaration},
    "a form as it is made": {"form": AsItIsMade},
    "an override": {"formfield_overrides": {models.CharField: {"widget": DOTS}}},
    "formfield_for_dbfield": {"formfield_for_dbfield": _by_field_hook},
    "get_form": {"get_form": _by_form_hook},
}
every_way = pytest.mark.parametrize("way", WAYS)


def mask_phone(monkeypatch: pytest.MonkeyPatch, way: str, **more: Any) -> Customer:
    attributes = {
        "list_display": ("last_name", "phone"),
        "list_filter": ("newsletter", "phone"),
        "search_fields": ("notes", "=phone"),
        "ordering": ("phone",),
        "fields": ("first_name", "last_name", "email", "phone", "country", "joined_at"),
        **WAYS[way],
        **more,
    }
    use_admin(
        monkeypatch, Customer, type("CustomerAdmin", (admin.ModelAdmin,), attributes)
    )
    return make_customer(phone=PIN, last_name="Diaz")


def viewer(*codenames: str) -> Any:
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return make_caller(type(user).objects.get(pk=user.pk), level="delete")


@every_way
@pytest.mark.parametrize("rights", ["all", "view"])
def test_no_tool_tells_of_a_masked_field(
    monkeypatch: pytest.MonkeyPatch, way: str, rights: str
) -> None:
    customer = mask_phone(monkeypatch, way)
    caller = make_caller(level="delete") if rights == "all" else viewer("view_customer")
    LogEntry.objects.create(
        user=caller.user,
        content_type=ContentType.objects.get_for_model(Customer),
        object_id=str(customer.pk),
        object_repr=str(customer),
        action_flag=CHANGE,
        change_message='[{"changed": {"fields": ["Phone", "Newsletter"]}}]',
    )
    given: dict[str, Any] = {
        "model": "shop.customer",
        "id": customer.pk,
        "ids": [customer.pk],
        "kind": "update",
        "field": "country",
        "values": {"newsletter": True},
        "include": ["inlines", "history"],
    }

    for tool in all_tools():
        fields = tool.input.__struct_fields__
        if tool.read_only and "model" in fields:
            arguments = {name: given[name] for name in fields if name in given}
            try:
                told = str(call(caller, tool.name, **arguments))
            except ToolFailed as failure:
                told = str(failure.detail())
            assert PIN not in told, tool.name
            assert "phone" not in told.lower(), tool.name


@every_way
def test_no_tool_lets_a_masked_field_be_guessed(
    monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    mask_phone(monkeypatch, way)
    make_customer(phone="9", last_name="Adams")
    caller = make_caller()
    ask: Any = lambda **asked: call(  # noqa: E731
        caller, "search_records", model="shop.customer", **asked
    )

    assert ask(query=PIN)["total"] == 0
    names = [row["label"].split()[-1] for row in ask()["rows"]]
    assert names == ["Adams", "Diaz"]  # by the key, the newest first
    for wrong in (
        {"filters": {"phone": PIN}},
        {"filters": {"phone__startswith": "4"}},
        {"ordering": ["phone"]},
        {"columns": ["phone"]},
    ):
        assert (
            "phone"
            not in failure_of(
                caller, "search_records", model="shop.customer", **wrong
            ).allowed
        )


@every_way
def test_what_lies_behind_a_relation_is_masked_too(
    monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    customer = mask_phone(monkeypatch, way)
    use_admin(
        monkeypatch,
        Order,
        type(
            "OrderAdmin",
            (admin.ModelAdmin,),
            {
                "list_display": ("number", "customer__phone"),
                "list_filter": ("customer__phone",),
                "search_fields": ("number", "customer__phone"),
                "ordering": ("customer__phone",),
            },
        ),
    )
    make_order(customer=customer)
    caller = make_caller()

    described = call(caller, "describe_model", model="shop.order")
    found = call(caller, "search_records", model="shop.order", query=PIN)

    assert "phone" not in str(described)
    assert found["total"] == 0


@every_way
def test_a_value_that_was_sent_is_not_on_record(
    monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    customer = mask_phone(monkeypatch, way)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("update_record", {"id": customer.pk, "values": {"phone": PIN}}),
        ("create_record", {"values": {"phone": PIN, "last_name": "x"}}),
        ("search_records", {"filters": {"phone__startswith": PIN}}),
        ("get_record", {"values": {"phone": PIN}}),
    ]

    for caller in (make_caller(level="delete"), viewer()):
        for tool, arguments in calls:
            failure_of(caller, tool, model="SHOP.customer", **arguments)
            kept = last_call().arguments
            assert PIN not in str(kept), tool
            assert MASK in str(kept), tool

    assert Customer.objects.get(pk=customer.pk).phone == PIN


@pytest.mark.parametrize("read_only", [(), ("unit_price",)])
def test_rows_of_an_inline_are_masked_by_its_own_form(
    monkeypatch: pytest.MonkeyPatch, read_only: tuple[str, ...]
) -> None:
    inline = type(
        "Lines",
        (admin.TabularInline,),
        {
            "model": OrderLine,
            "fields": ("product", "quantity", "unit_price"),
            "readonly_fields": read_only,
            "formfield_overrides": {models.DecimalField: {"widget": DOTS}},
        },
    )
    own = type(admin_site().get_model_admin(Order))
    use_admin(monkeypatch, Order, type(own.__name__, (own,), {"inlines": [inline]}))
    order = make_order(lines=((2, "47.11"),))
    caller = make_caller()
    line = order.lines.get()

    told = [
        call(caller, "get_record", model="shop.order", id=order.pk)["inlines"],
        call(caller, "describe_model", model="shop.order", purpose="change"),
        failure_of(
            caller,
            "update_record",
            model="shop.order",
            id=order.pk,
            inlines={
                "lines": {"change": [{"id": line.pk, "values": {"unit_price": "48"}}]}
            },
        ).allowed,
    ]

    assert "47.11" not in str(told[0])
    assert "unit_price" not in str(told)
    assert "48" not in str(last_call().arguments)


def test_what_the_admin_of_a_model_masks_is_masked_on_its_proxies(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    work_on_awkward_site(settings)
    thing, caller = make_thing(remark=PIN), make_caller()
    own = {"fields": ("name", "remark"), "list_display": ("name", "remark")}
    masked = {"formfield_overrides": {models.TextField: {"widget": DOTS}}}
    use_admin(monkeypatch, Thing, type("ThingAdmin", (admin.ModelAdmin,), masked))
    use_admin(monkeypatch, ShownThing, type("ShownAdmin", (admin.ModelAdmin,), own))

    told = [
        call(caller, "search_records", model="awkward.shownthing"),
        call(caller, "get_record", model="awkward.shownthing", id=thing.pk),
    ]

    assert PIN not in str(told)


def test_a_form_that_only_knows_stored_records_masks_what_else_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def get_form(self: Any, request: Any, obj: Any = None, **options: Any) -> Any:
        form = admin.ModelAdmin.get_form(self, request, obj, **options)
        form.base_fields["notes"].help_text = obj.city
        return form

    customer = mask_phone(
        monkeypatch, "widgets of the form", get_form=get_form, fields=("notes", "phone")
    )

    told = call(make_caller(), "get_record", model="shop.customer", id=customer.pk)

    assert set(told["values"]) == {"notes"}


def test_where_the_pages_break_nothing_of_the_values_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def get_inlines(self: Any, request: Any, obj: Any) -> Any:
        raise RuntimeError

    customer = mask_phone(monkeypatch, "an override", get_inlines=get_inlines)

    failure_of(
        make_caller(),
        "update_record",
        model="shop.customer",
        id=customer.pk,
        values={"phone": PIN},
    )

    assert last_call().arguments["values"] == {"phone": MASK}


def test_where_the_pages_behind_a_relation_break_the_call_is_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def get_form(self: Any, request: Any, obj: Any = None, **options: Any) -> Any:
        raise RuntimeError

    mask_phone(monkeypatch, "an override", get_form=get_form)

    filters = {"customer__phone": PIN}
    failure_of(make_caller(), "search_records", model="shop.order", filters=filters)

    assert last_call().arguments["filters"] == {"customer__phone": MASK}


def test_django_s_own_forms_mask_nothing_else() -> None:
    for model in (Customer, Order):
        found = masked_by(admin_site().get_model_admin(model), make_caller())
        assert found == frozenset()


class _PinField(models.CharField):
    def formfield(self, **options: Any) -> Any:
        return super().formfield(**options, widget=forms.PasswordInput)


def test_a_kind_of_field_may_bring_its_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = mask_phone(monkeypatch, "an override", formfield_overrides={})
    caller = make_caller()
    shown = call(caller, "get_record", model="shop.customer", id=customer.pk)
    field = Customer._meta.get_field("phone")
    monkeypatch.setattr(field, "__class__", _PinField)

    told = masked_by(use_admin(monkeypatch, Customer, admin.ModelAdmin), caller)

    assert shown["values"]["phone"] == PIN
    assert told == {"phone"}


@pytest.mark.parametrize(
    ("widget", "masks"),
    [
        (forms.PasswordInput, True),
        (forms.TextInput(attrs={"type": "password"}), True),
        (forms.MultiWidget([forms.TextInput, forms.PasswordInput]), True),
        (forms.MultiWidget([forms.TextInput]), False),
        (forms.Textarea, False),
        (None, False),
    ],
)
def test_what_masks(widget: Any, *, masks: bool) -> None:
    assert is_masked(widget) is masks
