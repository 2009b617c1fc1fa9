"""Account Setting: every staff user's own page."""

from __future__ import annotations

import pytest

from agent_connector.admin import account
from agent_connector.models import MCPAccess
from agent_connector.policy.site import resource_url
from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import ACCOUNT, GRID, screen, set_access, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_it_shows_name_e_mail_and_the_way_to_a_new_password() -> None:
    user = make_user(
        "jane", first_name="Jane", last_name="Doe", email="jane@example.com"
    )

    page = signed_in(user).get(ACCOUNT)

    for fact in ("Account Setting", "Jane Doe", "jane", "jane@example.com"):
        assert fact in text_of(page)
    assert 'href="/admin/password_change/"' in page.content.decode()


def test_it_shows_ones_own_state_tokens_and_client_configuration() -> None:
    user = make_user()
    mine, _ = make_connection(user, make_client("Cursor"))
    make_connection(make_user(), make_client("Somebody else's"))

    page = signed_in(user).get(ACCOUNT)

    assert "MCP Access Enabled" in text_of(page)
    assert "Cursor" in text_of(page)
    assert "Somebody else's" not in text_of(page)
    assert screen("token_revoke", user, mine.public_id) in page.content.decode()
    assert "AI Client Configuration" in text_of(page)


def test_one_cannot_enable_oneself() -> None:
    user = make_user(enabled=False)
    browser = signed_in(user)

    text = text_of(browser.get(ACCOUNT))
    answer = set_access(browser, user, "enabled")

    assert "An administrator who may change MCP access can enable it." in text
    assert "Your Current Admin Password" not in text
    assert answer.status_code == 403
    assert not MCPAccess.objects.filter(user=user).exists()


@pytest.mark.parametrize(("host", "is_told"), [("testserver", True), ("", False)])
def test_who_is_at_another_address_than_clients_are_told_sees_both(
    host: str,
    is_told: bool,  # noqa: FBT001  # a table
) -> None:
    browser = signed_in(make_user())

    page = browser.get(ACCOUNT, headers={"host": host or "127.0.0.1:8000"})

    sentence = f"Clients are told {resource_url()} , but you are at http://{host} ."
    assert (sentence in text_of(page)) is is_told


@pytest.mark.parametrize("enabled", [True, False])
def test_ordinary_staff_are_told_whom_to_ask_on_a_small_card(
    enabled: bool,  # noqa: FBT001  # a table
) -> None:
    page = signed_in(make_user(enabled=enabled)).get(ACCOUNT)

    way = "System › AI Agent Connector › MCP Users"  # noqa: RUF001  # menu arrow
    assert f"Ask an administrator of this site; for them it is {way}." in text_of(page)
    assert 'class="aac-columns"' not in page.content.decode()
    assert "You may not change MCP access." not in text_of(page)


def test_names_keep_their_direction_to_themselves() -> None:
    user = make_user("jane", first_name="نورا", email="j@example.com")

    page = signed_in(user).get(ACCOUNT).content.decode()
    grid = signed_in(make_admin()).get(GRID).content.decode()

    for name in ("نورا", "jane", "j@example.com"):
        assert f"<dd><bdi>{name}</bdi></dd>" in page
    assert '<span class="aac-under"><bdi>jane</bdi></span>' in grid
    assert ">نورا</a></bdi>" in grid


def test_who_may_change_access_changes_their_own_here() -> None:
    root = make_admin("root", enabled=False)

    page = set_access(signed_in(root), root, "enabled", next=ACCOUNT)

    assert page.redirect_chain == [(ACCOUNT, 302)]
    assert MCPAccess.objects.get(user=root).enabled


def test_many_tokens_are_cut_with_a_link_to_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(account, "MOST_TOKENS", 2)
    user = make_user()
    for number in range(3):
        make_connection(user, make_client(f"tool {number}"))

    text = text_of(signed_in(user).get(ACCOUNT)).partition("AI Client")[0]

    assert "tool 2" in text
    assert "tool 0" not in text
    assert "Show all tokens" in text


def test_whoever_has_no_password_gets_no_link_to_change_it() -> None:
    user = make_user()
    user.set_unusable_password()
    user.save()

    page = signed_in(user).get(ACCOUNT)

    assert "Change password" not in text_of(page).partition("Profile")[2]
