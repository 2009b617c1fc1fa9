"""The demo's data: all there, the same each time, never twice."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import F
from django.forms.models import model_to_dict

from agent_connector.models import (
    Client,
    Connection,
    Event,
    MCPAccess,
    Token,
    ToolCall,
)
from panel.demo.seed import seed_demo
from panel.shop.admin.coupon import CouponForm
from panel.shop.admin.order_form import OrderForm
from panel.shop.models import Category, Coupon, Customer, Order, OrderLine, Product
from tests.panel.conftest import DEMO_PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def count_rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count() for model in apps.get_models()
    }


def digest_of_shop() -> int:
    """Return a number that differs as soon as anything in the shop does."""
    rows = [
        list(model._default_manager.order_by("pk").values_list())
        for model in (Category, Customer, Coupon, OrderLine)
    ]
    orders = list(Order.objects.order_by("pk").values_list("number", "placed_at"))
    products = list(Product.objects.order_by("pk").values_list("sku", "price", "stock"))
    return zlib.crc32(repr([rows, orders, products]).encode())


def test_the_shop_is_as_large_as_promised() -> None:
    assert Product.objects.count() == 200
    assert Category.objects.count() == 12
    assert Customer.objects.count() == 300
    assert Order.objects.count() == 1000
    assert Coupon.objects.count() == 12


def test_seeding_again_changes_nothing(seeded: datetime) -> None:
    before = count_rows(), digest_of_shop()

    seed_demo(password=DEMO_PASSWORD, now=seeded + timedelta(days=2))

    assert (count_rows(), digest_of_shop()) == before


def test_the_same_data_is_made_each_time(seeded: datetime) -> None:
    names = set(User.objects.values_list("username", "first_name", "last_name"))
    numbers = list(Order.objects.order_by("placed_at").values_list("number", flat=True))
    with transaction.atomic():
        for model in (OrderLine, Order, Product, Category, Customer, Coupon):
            model._default_manager.all().delete()
        User.objects.all().delete()
        Client.objects.all().delete()
        seed_demo(password=DEMO_PASSWORD, now=seeded)

        assert names == set(
            User.objects.values_list("username", "first_name", "last_name")
        )
        assert numbers == list(
            Order.objects.order_by("placed_at").values_list("number", flat=True)
        )
        transaction.set_rollback(True)


def test_what_a_visitor_changed_stays(seeded: datetime) -> None:
    Product.objects.filter(sku="COF-0001").update(price=1)
    Order.objects.latest("pk").delete()

    seed_demo(password=DEMO_PASSWORD, now=seeded)

    assert Product.objects.get(sku="COF-0001").price == 1
    assert Order.objects.count() == 999


def test_a_visitor_may_delete_everything_and_start_again(seeded: datetime) -> None:
    Order.objects.all().delete()
    Product.objects.all().delete()
    User.objects.exclude(username="admin").delete()

    seed_demo(password=DEMO_PASSWORD, now=seeded)

    assert Product.objects.count() == 200
    assert User.objects.count() == 4


def test_orders_reach_back_ninety_days_and_never_forward(seeded: datetime) -> None:
    placed = Order.objects.order_by("placed_at")
    first, last = placed.first(), placed.last()

    assert first is not None
    assert last is not None
    assert timedelta(days=80) < seeded - first.placed_at <= timedelta(days=91)
    assert last.placed_at < seeded
    assert not Order.objects.filter(shipped_at__gt=seeded).exists()
    assert Order.objects.to_ship().count() > 10


def test_every_sample_passes_the_form_that_people_use() -> None:
    for order in Order.objects.all()[:40]:
        form = OrderForm(
            {
                "customer": order.customer_id,
                "status": order.status,
                "placed_at": order.placed_at,
                "shipped_at": order.shipped_at or "",
                "note": order.note,
            },
            instance=order,
        )
        assert form.is_valid(), form.errors
    for coupon in Coupon.objects.all():
        values = {
            name: "" if value is None else value
            for name, value in model_to_dict(coupon, exclude=["id"]).items()
        }
        assert CouponForm(values, instance=coupon).is_valid(), coupon
    for product in Product.objects.all():
        product.full_clean()
        assert product.status != Product.Status.ON_SALE or product.price > 0


def test_every_account_signs_in_with_the_password() -> None:
    for username in ("admin", "editor", "viewer", "newcomer"):
        user = User.objects.get(username=username)
        assert user.check_password(DEMO_PASSWORD)
        assert user.is_staff
        assert user.is_superuser == (username == "admin")


def test_the_password_is_set_anew_at_each_start(seeded: datetime) -> None:
    editor = User.objects.get(username="editor")
    editor.set_password("forgotten")
    editor.save()

    seed_demo(password="another", now=seeded)

    editor.refresh_from_db()
    assert editor.check_password("another")


def test_a_right_password_is_left_alone_so_that_connections_live(
    seeded: datetime,
) -> None:
    before = User.objects.get(username="editor").password

    seed_demo(password=DEMO_PASSWORD, now=seeded)

    assert User.objects.get(username="editor").password == before


def test_roles_hold_what_their_names_say() -> None:
    editor = User.objects.get(username="editor")
    viewer = User.objects.get(username="viewer")

    assert editor.has_perms(
        [
            "shop.view_product",
            "shop.add_product",
            "shop.change_product",
            "shop.add_order",
            "shop.change_order",
            "shop.change_orderline",
            "shop.view_draft_product",
            "shop.view_customer",
        ]
    )
    assert not editor.has_perm("shop.delete_product")
    assert not editor.has_perm("agent_connector.view_mcpuser")
    assert viewer.get_all_permissions() == {
        f"shop.view_{model}"
        for model in (
            "category",
            "coupon",
            "customer",
            "order",
            "orderline",
            "product",
            "tag",
        )
    }


def test_a_changed_role_is_not_put_back(seeded: datetime) -> None:
    role = Group.objects.get(name="Shop viewers")
    role.permissions.clear()

    seed_demo(password=DEMO_PASSWORD, now=seeded)

    assert role.permissions.count() == 0


def test_three_accounts_are_enabled_and_newcomer_is_not() -> None:
    enabled = MCPAccess.objects.filter(enabled=True).values_list(
        "user__username", flat=True
    )

    assert {"admin", "editor", "viewer"} <= set(enabled)
    assert not MCPAccess.objects.filter(user__username="newcomer").exists()
    assert not Connection.objects.filter(
        user__username__in=["admin", "editor", "viewer", "newcomer"]
    ).exists()


def test_the_samples_cover_every_state(seeded: datetime) -> None:
    active = Connection.objects.active(at=seeded)
    reasons = set(
        Connection.objects.exclude(revoked_reason="").values_list(
            "revoked_reason", flat=True
        )
    )

    assert active.count() >= 20
    assert Connection.objects.filter(revoked_at=None, expires_at__lte=seeded).exists()
    assert reasons == {"user", "admin", "disabled", "reuse", "client", "replaced"}
    assert active.filter(origin="personal").exists()
    assert (
        active.filter(user__username="amelie", client_name="Claude Code").count() == 3
    )
    assert set(active.exclude(client=None).values_list("client_name", flat=True)) == {
        "Claude Code",
        "Claude",
        "ChatGPT",
        "Codex",
        "Gemini CLI",
        "Cursor",
        "Visual Studio Code",
    }


def test_every_sample_connection_says_that_it_is_one() -> None:
    assert not Connection.objects.exclude(label__startswith="Sample").exists()


def test_the_staff_are_some_thirty_with_inactive_and_former_ones() -> None:
    assert User.objects.count() == 30
    assert User.objects.filter(is_active=False).exists()
    former = User.objects.get(is_staff=False)
    assert Connection.objects.filter(user=former).exists()
    assert not User.objects.exclude(email__endswith="@example.com").exists()


def test_the_sample_staff_cannot_sign_in() -> None:
    accounts = ["admin", "editor", "viewer", "newcomer"]

    for user in User.objects.exclude(username__in=accounts):
        assert not user.has_usable_password()


def test_no_date_of_a_connection_contradicts_another(seeded: datetime) -> None:
    connections = Connection.objects.select_related("user__mcp_access")

    for one in connections:
        access = one.user.mcp_access
        assert access.added_at is not None
        assert one.last_used_at is not None
        assert access.added_at < one.created_at <= one.last_used_at <= seeded
        assert one.expires_at <= one.absolute_expires_at
        if one.revoked_at:
            assert one.created_at < one.revoked_at <= seeded
            assert one.last_used_at <= one.revoked_at


def test_every_connection_has_tokens_with_digests_of_their_own() -> None:
    kinds = Token.Kind
    for one in Connection.objects.prefetch_related("tokens"):
        found = sorted(token.kind for token in one.tokens.all())
        if one.origin == Connection.Origin.PERSONAL:
            assert found == [kinds.PERSONAL]
        else:
            assert found == [kinds.ACCESS, kinds.REFRESH, kinds.REFRESH]
    digests = [
        bytes(digest) for digest in Token.objects.values_list("digest", flat=True)
    ]
    assert {len(digest) for digest in digests} == {32}
    assert len(set(digests)) == len(digests)


def test_a_month_of_calls_is_on_record(seeded: datetime) -> None:
    calls = ToolCall.objects.all()

    assert 2000 <= calls.count() <= 3000
    assert set(calls.values_list("outcome", flat=True)) == {"done", "refused", "failed"}
    assert calls.filter(outcome="done").count() > 0.9 * calls.count()
    assert not calls.filter(at__gt=seeded).exists()
    assert not calls.filter(at__lt=seeded - timedelta(days=31)).exists()
    assert not calls.filter(outcome="refused", reason="").exists()
    moments = list(calls.order_by("pk").values_list("at", flat=True))
    assert all(before <= after for before, after in pairwise(moments))


def test_what_went_wrong_is_in_the_call_itself() -> None:
    for call in ToolCall.objects.exclude(outcome="done").select_related("user"):
        assert call.connection is not None
        assert call.user is not None
        if call.outcome == "refused":
            assert call.tool == "update_record"
            is_scope = call.reason == "scope_missing"
            assert is_scope == (call.connection.level == "read")
            assert is_scope or not call.user.has_perm("shop.change_product")
        elif call.reason.startswith("price: "):
            assert call.arguments["values"] == {"price": "0.00"}
        else:
            assert call.tool == "get_record"
            assert int(call.object_id) >= 9000
    wrong = ToolCall.objects.exclude(outcome="failed")
    assert not wrong.filter(arguments__values__price="0.00").exists()


def test_calls_are_made_in_office_hours() -> None:
    weekend = ToolCall.objects.filter(at__week_day__in=[1, 7])
    night = ToolCall.objects.filter(at__hour__lt=7)

    assert not weekend.exists()
    assert not night.exists()


def test_no_call_is_outside_the_life_of_its_connection() -> None:
    calls = ToolCall.objects.all()

    assert not calls.filter(at__lt=F("connection__created_at")).exists()
    assert not calls.filter(at__gt=F("connection__last_used_at")).exists()
    written = calls.filter(connection__level="read", tool="update_record")
    assert written.exists()
    assert not written.exclude(outcome="refused", reason="scope_missing").exists()


def test_last_used_is_that_of_the_latest_connection() -> None:
    for access in MCPAccess.objects.exclude(last_used_at=None):
        latest = Connection.objects.filter(user_id=access.pk).latest("last_used_at")
        assert access.last_used_at == latest.last_used_at


def test_each_opening_and_each_end_is_an_event() -> None:
    opened = Event.objects.filter(kind=Event.Kind.CONNECTION_OPENED).count()
    revoked = Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED).count()

    assert opened == Connection.objects.count()
    assert revoked == Connection.objects.exclude(revoked_at=None).count()
    assert Event.objects.filter(kind=Event.Kind.REFRESH_REUSED).exists()


def test_events_name_whom_they_concern_and_wait_for_no_mail(seeded: datetime) -> None:
    assert not Event.objects.filter(user_name="").exists()
    assert not Event.objects.exclude(audience="").exists()
    assert not Event.objects.filter(at__gt=seeded).exists()
    assert Event.objects.filter(kind=Event.Kind.PASSWORD_REFUSED).exists()
