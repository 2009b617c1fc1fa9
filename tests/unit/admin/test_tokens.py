"""Token details of one user."""

from __future__ import annotations

import pytest

from agent_connector.admin import tokens
from agent_connector.models import Connection
from tests.factories import NOON, make_admin, make_client, make_connection, make_user
from tests.screens import VIEW, screen, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_it_says_what_a_token_is_and_lists_its_facts() -> None:
    user = make_user("jane")
    connection, _ = make_connection(
        user, make_client("Claude Code", host="claude.ai"), level="read"
    )
    Connection.objects.filter(pk=connection.pk).update(
        last_used_at=NOON, last_used_from="198.51.100.4"
    )

    text = text_of(signed_in(make_admin()).get(screen("tokens", user)))

    headings = "Client Status May do Created Access expires Sign-in needed after"
    assert f"{headings} Last used" in text
    assert "its access and refresh pair" in text
    for fact in ("Claude Code", "claude.ai", "Active", "Read only", "198.51.100.4"):
        assert fact in text


def test_only_what_works_can_be_revoked_and_only_by_who_may() -> None:
    user = make_user()
    connection, _ = make_connection(user)
    address = screen("tokens", user)
    revoke = screen("token_revoke", user, connection.public_id)

    assert revoke in signed_in(make_admin()).get(address).content.decode()
    viewer = signed_in(make_user(permissions=(VIEW,)))
    assert revoke not in viewer.get(address).content.decode()
    Connection.objects.update(revoked_at=NOON, revoked_reason="admin")
    assert revoke not in signed_in(user).get(address).content.decode()


def test_nobody_connected_yet_is_said() -> None:
    text = text_of(signed_in(make_admin()).get(screen("tokens", make_user())))

    assert "No client has been connected yet." in text


def test_many_tokens_are_shown_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "ROWS_PER_PAGE", 2)
    user = make_user()
    for number in range(3):
        make_connection(user, make_client(f"tool {number}"))
    browser, address = signed_in(make_admin()), screen("tokens", user)

    assert "Page 1 of 2" in text_of(browser.get(address))
    assert "tool 0" in text_of(browser.get(f"{address}?page=2"))
    assert browser.get(f"{address}?page=abc").status_code == 200
    assert browser.get(f"{address}?page=99").status_code == 200


def test_an_unknown_user_is_not_found() -> None:
    browser = signed_in(make_admin())

    for pk in ("999999", "abc", "9" * 40):
        address = f"/admin/agent_connector/mcpuser/{pk}/tokens/"
        assert browser.get(address).status_code == 404
