"""One client; Block and Unblock."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.models import Client, Event
from tests.factories import (
    CHALLENGE,
    REDIRECT_URI,
    make_admin,
    make_client,
    make_connection,
    make_user,
)
from tests.screens import messages_in, signed_in, text_of
from tests.wire import send

pytestmark = pytest.mark.django_db
LIST = "/admin/agent_connector/client/"


@pytest.fixture
def browser() -> Browser:
    return signed_in(make_admin("root", enabled=False))


def confirm(browser: Browser, client: Client, act: str) -> Any:
    return browser.post(f"{LIST}{client.pk}/{act}/", {"confirm": "yes"}, follow=True)


def test_the_page_tells_what_is_known_and_who_uses_it(browser: Browser) -> None:
    client = make_client("Cursor", client_id="id-7")
    make_connection(make_user("jane"), client, now=timezone.now())

    text = text_of(browser.get(f"{LIST}{client.pk}/"))

    for told in ("Cursor not verified", "id-7", REDIRECT_URI, "Active Tokens", "jane"):
        assert told in text


def test_a_name_with_markup_stays_text(browser: Browser) -> None:
    client = make_client("<b>Evil</b>")

    page = browser.get(f"{LIST}{client.pk}/").content.decode()

    assert "<b>Evil" not in page


def test_asking_to_block_changes_nothing(browser: Browser) -> None:
    client = make_client("Cursor")
    _, pair = make_connection(make_user(), client)

    asked = browser.get(f"{LIST}{client.pk}/block/")
    unconfirmed = browser.post(f"{LIST}{client.pk}/block/", {})

    assert "it loses all its connections at once" in text_of(asked)
    assert unconfirmed.status_code == 200
    assert send(pair.access).status_code == 200


def test_blocking_cuts_the_client_and_tells_it_why(browser: Browser) -> None:
    client = make_client("Cursor")
    _, pair = make_connection(make_user(), client)

    done = confirm(browser, client, "block")

    assert messages_in(done) == ["Cursor is blocked. Revoked 1 token."]
    assert "This client is blocked" in text_of(done)
    refused = send(pair.access)
    assert refused.status_code == 401
    assert "the client was blocked" in refused.headers["WWW-Authenticate"]


def test_to_block_what_has_no_token_counts_none(browser: Browser) -> None:
    done = confirm(browser, make_client("Cursor"), "block")

    assert messages_in(done) == ["Cursor is blocked. It had no active token."]


def test_a_blocked_client_is_given_no_new_connection(browser: Browser) -> None:
    client = make_client("Cursor")
    confirm(browser, client, "block")

    page = browser.get(
        "/mcp/oauth/authorize",
        {
            "client_id": client.client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        },
    )

    assert page.status_code == 400
    assert "blocked this program" in page.content.decode()


def test_blocking_twice_is_harmless_and_said(browser: Browser) -> None:
    client = make_client("Cursor")

    confirm(browser, client, "block")
    again = confirm(browser, client, "block")

    assert "was blocked before" in messages_in(again)[0]
    assert Event.objects.filter(kind="client_blocked").count() == 1


def test_unblocking_lets_it_be_authorized_again(browser: Browser) -> None:
    client = make_client("Cursor")
    confirm(browser, client, "block")

    done = confirm(browser, client, "unblock")
    again = confirm(browser, client, "unblock")

    client.refresh_from_db()
    assert client.trust == Client.Trust.DEFAULT
    assert "no longer blocked" in messages_in(done)[0]
    assert "was not blocked" in messages_in(again)[0]


def test_after_it_the_list_is_shown_as_it_was(browser: Browser) -> None:
    client = make_client("Cursor")
    address = f"{LIST}{client.pk}/block/?next={LIST}%3Fq%3DCursor"

    done = browser.post(address, {"confirm": "yes", "next": f"{LIST}?q=Cursor"})

    assert done.headers["Location"] == f"{LIST}?q=Cursor"


def test_in_a_dialog_the_answer_says_where_to_go(browser: Browser) -> None:
    client = make_client("Cursor")
    address = f"{LIST}{client.pk}/block/"
    header = {"X-AAC-Fragment": "1"}

    asked = browser.get(address, headers=header)
    done = browser.post(address, {"confirm": "yes"}, headers=header)

    assert "<html" not in asked.content.decode()
    assert done.status_code == 204
    assert done.headers["X-AAC-Location"] == f"{LIST}{client.pk}/"


def test_a_client_that_is_not_there_is_404(browser: Browser) -> None:
    for path in ("4711/", "4711/block/", "4711/unblock/"):
        assert browser.get(LIST + path).status_code == 404
