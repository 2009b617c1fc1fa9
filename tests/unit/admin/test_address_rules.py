"""The Settings page says what the address rules do to whoever looks at it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agent_connector.admin.address_rules import Seen
from agent_connector.models import ConnectorSettings, Event
from agent_connector.policy.networks import parse_networks
from agent_connector.policy.settings import read_settings
from tests.factories import make_admin
from tests.screens import messages_in, signed_in, text_of
from tests.unit.admin.test_settings_form import SOUND

pytestmark = pytest.mark.django_db
PAGE = "/admin/agent_connector/connectorsettings/"
OWN = "192.0.2.9"


@pytest.fixture
def browser() -> Client:
    """The address of the browser is `OWN`."""
    found = signed_in(make_admin("root"))
    found.defaults["REMOTE_ADDR"] = OWN
    return found


def save(browser: Client, rules: str, **more: str) -> Any:
    sent = {**SOUND, "allowed_addresses": rules, **more}
    return browser.post(PAGE, sent, follow=True)


@pytest.mark.parametrize(
    ("rules", "address", "state"),
    [
        ("", OWN, "AI clients may come from everywhere."),
        ("192.0.2.0/24", OWN, "The rules in force let your address in."),
        ("203.0.113.0/24", OWN, "The rules in force do not let your address in."),
        ("203.0.113.0/24", None, "The rules in force do not let your address in."),
    ],
)
def test_it_says_off_or_whether_this_address_is_let_in(
    rules: str, address: str | None, state: str
) -> None:
    assert str(Seen(address=address, rules=parse_networks(rules)).state) == state


def test_the_page_shows_the_address_that_this_site_sees(browser: Client) -> None:
    assert (
        f"Off AI clients may come from everywhere. This page was asked for from {OWN} ."
        in text_of(browser.get(PAGE))
    )


def test_without_an_address_it_says_so(browser: Client) -> None:
    browser.defaults["REMOTE_ADDR"] = ""

    assert "asked for without an address" in text_of(browser.get(PAGE))


def test_a_list_that_holds_the_own_address_is_saved_at_once(browser: Client) -> None:
    page = save(browser, "192.0.2.0/24")

    assert "Settings saved." in messages_in(page)[0]
    assert "On The rules in force let your address in." in text_of(page)
    assert "allowed_addresses: none → 192.0.2.0/24" in Event.objects.get().detail


def test_a_list_without_the_own_address_is_saved_once_that_was_seen(
    browser: Client,
) -> None:
    page = save(browser, "203.0.113.0/24\n::1")

    assert f"Not saved yet. The list does not hold {OWN}" in text_of(page)
    assert read_settings().allowed_addresses == ()
    assert not Event.objects.exists()
    found = page.context["lockout"]
    assert f'name="seen_lockout" value="{found}"' in page.content.decode()

    page = save(browser, "203.0.113.0/24\r\n::1", seen_lockout=found)

    assert "Settings saved." in messages_in(page)[0]
    assert len(read_settings().allowed_addresses) == 2


def test_the_warning_is_about_that_list_and_no_other(browser: Client) -> None:
    page = save(browser, "198.51.100.0/24", seen_lockout="203.0.113.0/24")

    assert "Not saved yet." in text_of(page)
    assert read_settings().allowed_addresses == ()


def test_a_list_that_is_in_force_already_is_no_news(browser: Client) -> None:
    ConnectorSettings.objects.create(allowed_addresses="203.0.113.0/24")

    page = save(browser, "203.0.113.0/24", calls_per_minute="7")

    assert "Settings saved." in messages_in(page)[0]


def test_what_is_wrong_is_said_before_any_warning(browser: Client) -> None:
    page = save(browser, "203.0.113.0/24\nno network")

    assert "“no network” is no address and no network." in text_of(page)
    assert "Not saved yet." not in text_of(page)


def test_rules_broken_by_hand_are_shown_and_never_saved_away_unseen(
    browser: Client,
) -> None:
    ConnectorSettings.objects.create(allowed_addresses="192.0.2.0/24\nbroken")

    page = browser.get(PAGE)
    sent_back = save(browser, "192.0.2.0/24\nbroken")

    assert page.status_code == 200
    assert "every AI client is refused until it is corrected" in text_of(page)
    assert "192.0.2.0/24\nbroken</textarea>" in page.content.decode()
    assert "“broken” is no address" in text_of(sent_back)
    mended = save(browser, "192.0.2.0/24")
    assert "Settings saved." in messages_in(mended)[0]
    assert not isinstance(read_settings().allowed_addresses, str)
