"""An action does what its button does, once, and says so in the history."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse

from panel.shop.models import Category, Order, Product
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db

ORDERS = {"model": "shop.order", "action": "mark_as_shipped"}
RESTOCK = {"model": "shop.product", "action": "restock"}
ACT = {"model": "shop.category", "action": "act"}


def previewed(caller: Any, **act: Any) -> str:
    confirm: str = call(caller, "preview_change", kind="action", **act)["confirm"]
    return confirm


def run(caller: Any, **act: Any) -> dict[str, Any]:
    return call(caller, "run_action", confirm=previewed(caller, **act), **act)


def refusal(caller: Any, **act: Any) -> Any:
    return failure_of(caller, "run_action", **{"confirm": "x", **act})


def make_worker(*permissions: str) -> Any:
    wanted = [f"shop.{one}" for one in permissions]
    return make_caller(make_user(permissions=tuple(wanted)), level="delete")


def let_act(monkeypatch: pytest.MonkeyPatch, do: Any, **more: Any) -> Any:
    """Give categories the action `act`; return a caller who may run it."""

    @admin.action(description="Act on %(verbose_name_plural)s")
    def act(model_admin: Any, request: Any, queryset: Any) -> Any:
        return do(model_admin, request, queryset)

    kind = type("Acting", (admin.ModelAdmin,), {"actions": [act], **more})
    use_admin(monkeypatch, Category, kind)
    return make_caller(level="delete")


def history_of(record: Any) -> list[str]:
    entries = LogEntry.objects.filter(object_id=str(record.pk))
    return [entry.get_change_message() for entry in entries]


def test_the_panels_action_ships_what_is_paid_and_tells_its_own_words() -> None:
    paid, new = make_order(), make_order(status=Order.Status.NEW)
    caller = make_worker("view_order", "change_order")

    answer = run(caller, **ORDERS, ids=[paid.pk, str(new.pk)])

    paid.refresh_from_db()
    assert paid.status == Order.Status.SHIPPED
    assert answer["messages"] == [
        "1 order marked as shipped.",
        "1 order was left as it is: only a paid order can be shipped.",
    ]
    assert history_of(paid) == ["Marked as shipped. Via Claude Code."]
    assert history_of(new) == []
    assert answer["url"].endswith("/admin/shop/order/")


def test_a_page_in_between_is_asked_and_nothing_is_done() -> None:
    kettle = make_product("Kettle", stock=1)
    caller = make_caller(level="delete")

    answer = run(caller, **RESTOCK, ids=[kettle.pk])

    assert [(one["name"], one.get("required")) for one in answer["asks"]] == [
        ("pieces", True),
        ("reference", None),
    ]
    assert "1 product gets them" in answer["page"]["text"]
    assert Product.objects.get().stock == 1
    assert last_call().outcome == "asked"


def test_the_answers_complete_it_in_a_second_call() -> None:
    kettle, pot = make_product("Kettle", stock=1), make_product("Pot", stock=2)
    make_product("Other", stock=3)
    caller = make_caller(level="delete")
    ids = [kettle.pk, pot.pk]
    confirm = run(caller, **RESTOCK, ids=ids)["confirm"]

    answer = call(
        caller,
        "run_action",
        **RESTOCK,
        ids=ids,
        form={"pieces": 10, "reference": "DN-77"},
        confirm=confirm,
    )

    assert answer["messages"] == ["Added 10 pieces to each of 2 products."]
    stock = dict(Product.objects.values_list("name", "stock"))
    assert stock == {"Kettle": 11, "Pot": 12, "Other": 3}
    told = ["Restocked: 10 pieces added (DN-77). Via Claude Code."]
    assert history_of(kettle) == history_of(pot) == told
    assert last_call().outcome == "done"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"pieces": 0}, "pieces"),
        ({}, "pieces"),
        ({"pieces": 5, "reference": "x" * 99}, "reference"),
        ({"pieces": 5, "peices": 1}, "peices"),
        ({"pieces": 5, "select_across": "1"}, "select_across"),
    ],
    ids=str,
)
def test_wrong_answers_are_told_by_field_and_may_be_mended(
    form: dict[str, Any], field: str
) -> None:
    kettle = make_product(stock=1)
    caller = make_caller(level="delete")
    act = {**RESTOCK, "ids": [kettle.pk]}
    confirm = run(caller, **act)["confirm"]

    failure = refusal(caller, **act, form=form, confirm=confirm)

    assert failure.code == "invalid_values"
    assert failure.fields.keys() == {field}
    assert Product.objects.get().stock == 1
    call(caller, "run_action", **act, form={"pieces": 5}, confirm=confirm)
    assert Product.objects.get().stock == 6


def test_answers_need_the_confirmation_that_came_with_the_questions() -> None:
    caller, act = make_caller(level="delete"), {**RESTOCK, "ids": [make_product().pk]}
    confirm = previewed(caller, **act)

    failure = refusal(caller, **act, form={"pieces": 5}, confirm=confirm)

    assert failure.code == "not_confirmed"


def test_all_that_match_are_restocked_whatever_the_page() -> None:
    for _ in range(60):
        make_product(stock=0)
    other = make_product(stock=9, status=Product.Status.PAUSED)
    act = {**RESTOCK, "all_matching": {"filters": {"status__exact": "on_sale"}}}
    caller = make_caller(level="delete")
    confirm = run(caller, **act)["confirm"]

    answer = call(caller, "run_action", **act, form={"pieces": 7}, confirm=confirm)

    assert answer["records"] == 60
    on_sale = Product.objects.exclude(pk=other.pk)
    assert set(on_sale.values_list("stock", flat=True)) == {7}
    other.refresh_from_db()
    assert other.stock == 9


@pytest.mark.parametrize("change", ["record", "one more matches", "used", "foreign"])
def test_a_stale_confirmation_runs_nothing(change: str) -> None:
    order = make_order()
    caller = make_worker("view_order", "change_order")
    act = {**ORDERS, "all_matching": {"filters": {"status__exact": "paid"}}}
    confirm = previewed(caller, **act)
    match change:
        case "record":
            Order.objects.update(note="x")
        case "one more matches":
            make_order()
        case "used":
            run(caller, **ORDERS, ids=[make_order(status="new").pk])
        case _:
            confirm = previewed(make_caller(caller.user, level="delete"), **act)

    assert refusal(caller, **act, confirm=confirm).code == "not_confirmed"
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_an_action_that_changes_nothing_runs_once_for_each_preview(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[int] = []
    caller = let_act(monkeypatch, lambda _a, _r, queryset: ran.append(len(queryset)))
    shelf = make_category()
    act = {**ACT, "ids": [shelf.pk]}
    confirm = previewed(caller, **act)

    call(caller, "run_action", **act, confirm=confirm)

    assert refusal(caller, **act, confirm=confirm).code == "not_confirmed"
    assert ran == [1]


def test_what_the_action_does_not_log_itself_is_logged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = let_act(monkeypatch, lambda *_: None)
    shelves = [make_category(), make_category()]

    answer = run(caller, **ACT, ids=[one.pk for one in shelves])

    told = "Act on categories. Via Claude Code."
    assert [history_of(one) for one in shelves] == [[told], [told]]
    assert answer["history"] == told
    assert {one.user for one in LogEntry.objects.all()} == {caller.user}


def test_a_record_that_the_action_deletes_keeps_its_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = let_act(monkeypatch, lambda _a, _r, queryset: queryset.delete())
    shelf = make_category()

    run(caller, **ACT, ids=[shelf.pk])

    assert not Category.objects.exists()
    assert history_of(shelf) == ["Act on categories. Via Claude Code."]


def test_a_file_is_told_with_its_text_and_logs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disposition = {"Content-Disposition": 'attachment; filename="shelves.csv"'}
    caller = let_act(
        monkeypatch,
        lambda *_: HttpResponse("a,b\n", content_type="text/csv", headers=disposition),
    )

    answer = run(caller, **ACT, ids=[make_category().pk])

    assert answer["file"] == {
        "name": "shelves.csv",
        "media_type": "text/csv",
        "size": 4,
        "text": "a,b\n",
    }
    assert answer["url"].endswith("/admin/shop/category/")
    assert not LogEntry.objects.exists()


def test_an_address_elsewhere_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = let_act(monkeypatch, lambda *_: HttpResponseRedirect("/labels/?ids=1"))

    answer = run(caller, **ACT, ids=[make_category().pk])

    assert answer["leads_to"] == "http://127.0.0.1:8000/labels/?ids=1"


@pytest.mark.parametrize(
    ("do", "code"),
    [
        (lambda *_: 1 // 0, "broken"),
        (lambda *_: JsonResponse({}, status=403), "refused_by_action"),
        (lambda *_: HttpResponse("<h1>No</h1>", status=400), "refused_by_action"),
    ],
    ids=["a bug", "JSON", "a page"],
)
def test_an_action_that_fails_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, do: Any, code: str
) -> None:
    def act(model_admin: Any, request: Any, queryset: Any) -> Any:
        queryset.update(name="Half")
        return do(model_admin, request, queryset)

    caller = let_act(monkeypatch, act)
    chosen = {**ACT, "ids": [make_category("Whole").pk]}

    failure = refusal(caller, **chosen, confirm=previewed(caller, **chosen))

    assert failure.code == code
    assert Category.objects.get().name == "Whole"
    assert last_call().outcome == "failed"


def test_what_was_done_before_a_page_in_between_is_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = (
        '<form method="post"><input name="action" value="act">'
        '<input name="_selected_action" value="1"><input name="why"></form>'
    )

    def act(_admin: Any, _request: Any, queryset: Any) -> Any:
        queryset.update(name="Half")
        return HttpResponse(page)

    caller = let_act(monkeypatch, act)
    chosen = {**ACT, "ids": [make_category("Whole").pk]}

    confirm = run(caller, **chosen)["confirm"]

    assert Category.objects.get().name == "Whole"
    failure = refusal(caller, **chosen, form={"why": "x"}, confirm=confirm)
    assert failure.code == "not_supported"
    assert Category.objects.get().name == "Whole"


def test_a_page_that_starts_another_action_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = let_act(monkeypatch, delete_selected)
    chosen = {**ACT, "ids": [make_category().pk]}
    confirm = run(caller, **chosen)["confirm"]

    failure = refusal(caller, **chosen, form={}, confirm=confirm)

    assert failure.code == "not_supported"
    assert Category.objects.exists()


def test_answers_to_what_is_not_asked_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asks = [True]
    page = (
        '<form method="post"><input name="action" value="act">'
        '<input name="_selected_action" value="1"></form>'
    )
    caller = let_act(monkeypatch, lambda *_: HttpResponse(page) if asks else None)
    chosen = {**ACT, "ids": [make_category().pk]}
    confirm = run(caller, **chosen)["confirm"]
    asks.clear()

    assert refusal(caller, **chosen, form={}, confirm=confirm).code == "not_applied"


def test_a_hidden_record_is_not_acted_on() -> None:
    draft = make_product(stock=0, status=Product.Status.DRAFT)
    caller = make_worker("view_product", "change_product")

    assert refusal(caller, **RESTOCK, ids=[draft.pk]).code == "not_found"
    assert Product.objects.get().stock == 0


def test_all_that_match_are_only_those_the_user_sees() -> None:
    make_product(stock=0, status=Product.Status.DRAFT)
    shown = make_product(stock=0)
    caller = make_worker("view_product", "change_product")
    act = {**RESTOCK, "all_matching": {}}
    confirm = run(caller, **act)["confirm"]

    call(caller, "run_action", **act, form={"pieces": 5}, confirm=confirm)

    assert list(Product.objects.filter(stock=5)) == [shown]


def test_an_action_without_its_permission_is_as_one_that_does_not_exist() -> None:
    order = make_order()
    caller = make_worker("view_order")

    lacking = refusal(caller, **ORDERS, ids=[order.pk])
    unknown = refusal(caller, model="shop.order", action="ship", ids=[order.pk])

    assert lacking.code == unknown.code == "unknown_action"
    assert lacking.message.replace("mark_as_shipped", "ship") == unknown.message
    assert last_call().outcome == "refused"
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_deleting_is_no_action() -> None:
    failure = refusal(
        make_caller(level="delete"),
        model="shop.order",
        action="delete_selected",
        ids=[make_order().pk],
    )

    assert "delete_records" in failure.following
    assert Order.objects.exists()
