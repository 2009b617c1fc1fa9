"""Tool Calls: read-only, for those who may, filtered, and exported safely."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agent_connector.admin import call_filters
from agent_connector.models import ToolCall
from panel.shop.models.category import Category
from tests.calls import make_call
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_connection,
    make_personal,
    make_user,
)
from tests.screens import VIEW, signed_in, text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db
LIST = "/admin/agent_connector/toolcall/"
CALLS = "agent_connector.view_toolcall"
ARGUMENTS = "agent_connector.view_toolcall_arguments"


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def exported(browser: Client, query: str = "") -> list[dict[str, str]]:
    answer: Any = browser.get(f"{LIST}export/{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_says_who_did_what_through_which_client(browser: Client) -> None:
    make_call()

    text = text_of(browser.get(LIST))

    assert "Time User Client Tool Model and object Outcome Duration" in text
    assert "User jane Client Claude Code Tool get_record" in text
    assert "Object shop.category #7 Outcome Done Duration 12 ms" in text


def test_a_refusal_shows_its_reason(browser: Client) -> None:
    make_call(outcome=ToolCall.Outcome.REFUSED, reason="scope_missing")

    assert "Outcome Refused The connection may not do that" in text_of(
        browser.get(LIST)
    )


@pytest.mark.parametrize(
    "query",
    [
        *("user=anna", "client=cursor", "tool=update_record", "model=shop.order"),
        *("object=99", "outcome=failed", "at_from=2026-03-05", "q=anna"),
    ],
)
def test_each_filter_leaves_the_calls_it_names(browser: Client, query: str) -> None:
    make_call()
    wanted = make_call(
        user_name="anna",
        client_name="Cursor",
        tool="update_record",
        model="shop.order",
        object_id="99",
        outcome=ToolCall.Outcome.FAILED,
        at=NOON + timedelta(days=3),
    )

    page = browser.get(f"{LIST}?{query}")

    assert [call.pk for call in page.context["cl"].result_list] == [wanted.pk]


@pytest.mark.parametrize("model", ["shop.order", "old.model"])
def test_the_chosen_model_stays_chosen_though_it_is_gone(
    browser: Client, model: str
) -> None:
    page = browser.get(f"{LIST}?model={model}").content.decode()

    assert page.count(f"<option selected>{model}</option>") == 1
    assert "<option>shop.product</option>" in page


@pytest.mark.parametrize("words", ["anna", "Ber", "anna+berg", "AB7", "a@b.example"])
@pytest.mark.parametrize("parameter", ["q", "user"])
def test_calls_are_found_by_any_name_of_their_user(
    browser: Client, parameter: str, words: str
) -> None:
    anna = make_user("ab7", first_name="Anna", last_name="Berg", email="a@b.example")
    make_call(user=make_user("jane", first_name="Jane"))
    wanted = make_call(user=anna, user_name="ab7")

    page = browser.get(f"{LIST}?{parameter}={words}")

    assert [call.pk for call in page.context["cl"].result_list] == [wanted.pk]


def test_each_word_of_a_search_may_be_of_another_column(browser: Client) -> None:
    anna = make_user("ab7", first_name="Anna")
    make_call(user=anna, client_name="Codex")
    wanted = make_call(user=anna, client_name="Cursor", object_id="99")

    page = browser.get(f"{LIST}?q=anna+cursor+99")

    assert [call.pk for call in page.context["cl"].result_list] == [wanted.pk]


def test_many_users_and_those_that_are_gone_are_found_by_one_name(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_filters, "FEW", 2)
    for number in range(3):
        make_call(user=make_user(f"x{number}", first_name="Anna"))
    make_call(user_name="anna")
    make_call()

    page = browser.get(f"{LIST}?user=anna")

    assert page.context["cl"].result_count == 4


@pytest.mark.parametrize("parameter", ["q", "client"])
def test_a_client_is_found_by_its_name_or_what_its_user_called_it(
    browser: Client, parameter: str
) -> None:
    user = make_user("zoe")
    cursor, _ = make_connection(user, make_client("Cursor"))
    personal = make_personal(user).connection
    make_call(connection=make_connection(user, make_client("Codex"))[0])
    wanted = {
        "curs": make_call(connection=cursor, client_name="Cursor"),
        "night": make_call(connection=personal, client_name="nightly report"),
        "old": make_call(client_name="Old Client"),
    }

    found = {
        words: browser.get(f"{LIST}?{parameter}={words}").context["cl"].result_list
        for words in wanted
    }

    assert {words: list(calls) for words, calls in found.items()} == {
        words: [call] for words, call in wanted.items()
    }


def test_many_clients_are_found_by_one_name(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_filters, "FEW", 1)
    user = make_user("zoe")
    for number in range(3):
        connection, _ = make_connection(user, make_client(f"Cursor {number}"))
        make_call(connection=connection, client_name=connection.client_name)
    make_call()

    page = browser.get(f"{LIST}?client=cursor")

    assert page.context["cl"].result_count == 3


def test_an_object_is_found_by_its_whole_id(browser: Client) -> None:
    make_call(object_id="17")
    wanted = make_call(object_id="7")

    assert list(browser.get(f"{LIST}?q=7").context["cl"].result_list) == [wanted]


@pytest.mark.parametrize("parameter", ["q", "user"])
def test_names_are_searched_only_for_whoever_may_see_users(parameter: str) -> None:
    anna = make_user("ab7", first_name="Anna", email="a@b.example")
    make_call(user=anna, user_name="ab7")
    browser = signed_in(make_user("auditor", permissions=(CALLS,)))

    counts = [
        browser.get(f"{LIST}?{parameter}={word}").context["cl"].result_count
        for word in ("anna", "a@b.example", "ab7")
    ]

    assert counts == [0, 0, 1]


@pytest.mark.parametrize(
    "query", ["tool=nonsense", "outcome=x", "at_from=yesterday", "user=%00", "o=9.9"]
)
def test_a_filter_that_makes_no_sense_is_no_error(browser: Client, query: str) -> None:
    make_call()

    assert browser.get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["user__password__startswith=p", "arguments__note=c", "changes__0=c"]
)
def test_no_other_column_can_be_asked_for(browser: Client, query: str) -> None:
    assert browser.get(f"{LIST}?{query}").status_code == 400
    assert browser.get(f"{LIST}export/?{query}").status_code == 400


@pytest.mark.parametrize("number", [2, 40])
def test_more_calls_cost_no_more_statements(browser: Client, number: int) -> None:
    for index in range(number):
        make_call(user=make_user(f"user{index}"), object_id=str(index))

    with statements() as seen:
        browser.get(LIST)

    assert len(seen) <= 5


def test_the_object_is_a_link_for_whoever_may_see_it(browser: Client) -> None:
    category = Category.objects.create(name="Lamps", slug="lamps")
    make_call(object_id=str(category.pk))
    link = reverse("admin:shop_category_change", args=[category.pk])
    auditor = signed_in(make_user("auditor", permissions=(CALLS,)))

    assert link in browser.get(LIST).content.decode()
    assert link not in auditor.get(LIST).content.decode()


def test_users_are_links_for_whoever_may_see_them(browser: Client) -> None:
    jane = make_user("jane")
    make_call(user=jane)
    link = f"/mcpuser/{jane.pk}/info/"
    auditor = signed_in(make_user("auditor", permissions=(CALLS,)))
    viewer = signed_in(make_user("viewer", permissions=(CALLS, VIEW)))

    assert link in viewer.get(LIST).content.decode()
    assert link not in auditor.get(LIST).content.decode()


def test_without_the_permission_there_is_nothing(browser: Client) -> None:
    call = make_call()
    nobody = signed_in(make_user("nobody", permissions=(ARGUMENTS,)))

    for path in ("", "export/", f"{call.pk}/"):
        assert nobody.get(LIST + path).status_code == 403
    assert "Tool Calls" not in text_of(nobody.get("/admin/"))


@pytest.mark.parametrize("path", ["add/", "7/change/", "7/delete/", "7/history/"])
def test_nothing_can_be_added_changed_or_deleted(browser: Client, path: str) -> None:
    make_call(pk=7)

    assert browser.get(LIST + path).status_code == 404
    assert browser.post(LIST, {"action": "delete_selected"}).status_code == 405
    assert ToolCall.objects.filter(pk=7).exists()


def test_the_export_holds_what_the_filters_leave(browser: Client) -> None:
    make_call()
    make_call(user_name="anna")

    [row] = exported(browser, "?user=anna")

    assert (row["user"], row["tool"], row["duration_ms"]) == (
        "anna",
        "get_record",
        "12",
    )
    assert row["time_utc"] == "2026-03-02 12:00:00"


def test_the_export_does_not_care_for_the_page(browser: Client) -> None:
    make_call()

    assert len(exported(browser, "?p=9999&all=x&e=1")) == 1


def test_what_was_said_is_exported_for_those_who_may_see_it() -> None:
    make_call(changes=[{"field": "price", "after": "47.11"}])
    auditor = signed_in(make_user("auditor", permissions=(CALLS,)))
    reader = signed_in(make_user("reader", permissions=(CALLS, ARGUMENTS)))

    with statements() as seen:
        [row] = exported(auditor)

    assert {"arguments", "changes"}.isdisjoint(row)
    assert not {"confidential", "47.11"} & set("".join(row.values()).split())
    assert not [one for one in seen if '"changes"' in one or '"arguments"' in one]
    assert "confidential" in exported(reader)[0]["arguments"]
    assert "47.11" in exported(reader)[0]["changes"]


@pytest.mark.parametrize("query", ["q", "user", "client", "object", "model"])
def test_no_filter_tells_what_was_said(query: str) -> None:
    make_call(changes=[{"field": "price", "after": "confidential"}])
    auditor = signed_in(make_user("auditor", permissions=(CALLS,)))

    page = auditor.get(f"{LIST}?{query}=confidential")

    assert page.context["cl"].result_count == 0


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_what_a_program_calls_itself_is_no_formula(browser: Client, start: str) -> None:
    make_call(client_name=f"{start}HYPERLINK(1)")

    assert exported(browser)[0]["client"].startswith("'")


def test_users_are_named_as_in_the_grid(browser: Client) -> None:
    make_call(user=make_user("jane", first_name="Jane", last_name="Roe"))

    assert "Jane Roe" in text_of(browser.get(LIST))
