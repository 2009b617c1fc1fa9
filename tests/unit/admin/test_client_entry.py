"""Entering a client: its secret is shown once, and a new one ends the old."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser

from agent_connector.models import Client, Event
from tests.authorization import answer_in, ask_token, authorize_url, decide
from tests.factories import REDIRECT_URI, make_admin, make_client, make_user
from tests.screens import signed_in, text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/agent_connector/client/"
ADD = f"{LIST}add/"


@pytest.fixture
def browser() -> Browser:
    return signed_in(make_admin("root"))


def enter(browser: Browser, **values: str) -> Any:
    sound = {
        "name": "Reports",
        "redirect_uris": REDIRECT_URI,
        "auth_method": "client_secret_post",
    }
    return browser.post(ADD, {**sound, **values})


def secret_in(page: Any) -> str:
    found = re.findall(r"acs_[0-9A-Za-z]{46}", page.content.decode())
    assert len(found) == 1
    return str(found[0])


def renew(browser: Browser) -> Any:
    url = f"{LIST}{Client.objects.get().pk}/secret/"
    return browser.post(url, {"confirm": "yes"})


def connect(browser: Browser, secret: str) -> Any:
    program = Client.objects.get()
    answer = answer_in(decide(browser, authorize_url(program), level="read"))
    return ask_token(
        Browser(),
        client_id=program.client_id,
        code=answer["code"],
        client_secret=secret,
    )


def mark_on(page: Any) -> str:
    found = re.findall(r'name="once" value="([^"]+)"', page.content.decode())
    assert len(found) == 1
    return str(found[0])


def test_to_reload_the_page_that_shows_a_secret_makes_no_other(
    browser: Browser,
) -> None:
    mark = mark_on(browser.get(ADD))
    secret_in(enter(browser, once=mark))
    url = f"{LIST}{Client.objects.get().pk}/secret/"
    form = {"confirm": "yes", "once": mark_on(browser.get(url))}
    new = secret_in(browser.post(url, form))

    added_again, renewed_again = enter(browser, once=mark), browser.post(url, form)

    assert (added_again.status_code, renewed_again.status_code) == (302, 302)
    assert "This form was sent before" in text_of(browser.get(LIST))
    assert connect(browser, new).status_code == 200


def test_the_secret_that_is_shown_connects_the_client(browser: Browser) -> None:
    page = enter(browser)

    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert connect(browser, secret_in(page)).status_code == 200
    assert Event.objects.filter(kind="client_added").count() == 1


def test_it_is_shown_once_and_kept_nowhere(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    secret = secret_in(enter(browser))

    pk = Client.objects.get().pk
    for url in (LIST, ADD, f"{LIST}{pk}/", f"{LIST}{pk}/secret/"):
        assert "acs_" not in browser.get(url).content.decode()
    assert all(secret not in str(s.get_decoded()) for s in Session.objects.all())
    assert secret not in caplog.text
    assert all(secret not in event.detail for event in Event.objects.all())


def test_a_new_secret_ends_the_old_one_at_once(browser: Browser) -> None:
    old = secret_in(enter(browser))

    new = secret_in(renew(browser))

    assert connect(browser, old).status_code == 401
    assert connect(browser, new).status_code == 200
    assert Event.objects.filter(kind="client_new_secret").count() == 1


def test_asking_for_a_new_secret_changes_nothing(browser: Browser) -> None:
    old = secret_in(enter(browser))

    asked = browser.get(f"{LIST}{Client.objects.get().pk}/secret/")

    assert "The old one is refused at once" in text_of(asked)
    assert connect(browser, old).status_code == 200


def test_each_faulty_address_is_named_at_its_field(browser: Browser) -> None:
    page = enter(browser, redirect_uris="javascript:alert(1)\nhttp://evil.example/")

    text = text_of(page)
    assert "Address number 1 uses a scheme" in text
    assert "Address number 2 uses http beyond this computer" in text
    assert not Client.objects.exists()


def test_a_public_client_and_one_not_entered_get_no_new_secret(
    browser: Browser,
) -> None:
    enter(browser, auth_method="none")
    made = make_client("Cursor", auth_method="client_secret_post")

    answers = [
        browser.post(f"{LIST}{pk}/secret/", {"confirm": "yes"}).status_code
        for pk in Client.objects.values_list("pk", flat=True)
    ]

    assert made.pk
    assert answers == [404, 404]


def test_staff_without_the_permission_may_do_neither(browser: Browser) -> None:
    enter(browser)
    other = signed_in(make_user("jane"))

    assert other.get(ADD).status_code == 403
    assert enter(other).status_code == 403
    assert renew(other).status_code == 403
    assert Client.objects.count() == 1


def test_the_name_is_said_to_be_entered_by_an_administrator(browser: Browser) -> None:
    enter(browser)
    client = Client.objects.get()

    for url in (LIST, f"{LIST}{client.pk}/", authorize_url(client)):
        text = text_of(browser.get(url))
        assert "Entered by an administrator" in text
        assert "not verified" not in text
