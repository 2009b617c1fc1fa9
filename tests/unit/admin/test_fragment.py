"""What a dialog gets from the address of a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agent_connector.models import MCPAccess
from tests.factories import PASSWORD, make_admin, make_connection, make_user
from tests.screens import GRID, messages_in, screen, signed_in

pytestmark = pytest.mark.django_db

ASKED = {"X-AAC-Fragment": "1"}


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin())


def _is_marked(response: Any) -> bool:
    return bool(response.headers.get("X-AAC-Fragment") == "1")


@pytest.mark.parametrize("name", ["tokens", "access", "revoke"])
def test_it_gets_the_body_under_its_title_and_no_frame(
    browser: Client, name: str
) -> None:
    response = browser.get(screen(name, make_user("jane")), headers=ASKED)

    text = response.content.decode()
    assert _is_marked(response)
    assert "jane" in text
    assert text.count("aac-dialog-title") == 1
    for frame in ("<html", "<script", "breadcrumbs", "content-main", "Sign out"):
        assert frame not in text


def test_the_page_stays_a_page_and_caches_keep_them_apart(browser: Client) -> None:
    address = screen("tokens", make_user("jane"))

    page, part = browser.get(address), browser.get(address, headers=ASKED)

    assert "<html" in page.content.decode()
    assert not _is_marked(page)
    for response in (page, part):
        assert "X-AAC-Fragment" in response.headers["Vary"]


def test_a_dialog_is_told_where_to_go_and_the_message_waits_there(
    browser: Client,
) -> None:
    jane = make_user("jane")
    make_connection(jane)
    form = {"confirm": "yes", "next": GRID}

    response = browser.post(screen("revoke", jane), form, headers=ASKED)
    after = browser.get(GRID)

    assert (response.status_code, response.content) == (204, b"")
    assert _is_marked(response)
    assert response.headers["X-AAC-Location"] == GRID
    assert messages_in(after) == [
        "Revoked 1 token of jane. Its client must be authorized again."
    ]


@pytest.mark.parametrize("query", ["", "?access=disabled"])
def test_an_error_comes_back_in_the_dialog_wherever_it_was_opened(
    browser: Client, query: str
) -> None:
    jane = make_user("jane")
    back = screen("info", jane)
    form = {"access": "disabled", "password": "wrong", "next": back}

    response = browser.post(screen("access", jane) + query, form, headers=ASKED)

    text = response.content.decode()
    assert _is_marked(response)
    assert 'aria-invalid="true"' in text
    assert "AI Client Configuration" not in text
    assert f'name="next" value="{back}"' in text
    assert MCPAccess.objects.get(user=jane).enabled


def test_a_message_is_shown_in_the_dialog_that_is_made_anew(browser: Client) -> None:
    jane = make_user("jane")
    connection, _ = make_connection(jane)
    address = screen("token_revoke", jane, connection.public_id)

    done = browser.post(address, {"confirm": "yes"}, headers=ASKED)
    below = browser.get(done.headers["X-AAC-Location"], headers=ASKED)

    assert done.headers["X-AAC-Location"] == screen("tokens", jane)
    assert "Token of Claude Code revoked." in below.content.decode()


def test_what_is_no_screen_of_ours_is_not_marked(browser: Client) -> None:
    jane = make_user("jane")
    form = {"access": "disabled", "password": PASSWORD}

    signed_out = Client().post(screen("access", jane), form, headers=ASKED)
    refused = signed_in(make_user()).get(screen("tokens", jane), headers=ASKED)
    gone = browser.get(f"{GRID}999/tokens/", headers=ASKED)

    assert [signed_out.status_code, refused.status_code, gone.status_code] == [
        302,
        403,
        404,
    ]
    assert not any(map(_is_marked, (signed_out, refused, gone)))
    assert MCPAccess.objects.get(user=jane).enabled
