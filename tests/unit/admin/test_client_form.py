"""The form of a client that an administrator enters."""

from __future__ import annotations

from agent_connector.admin.client_form import ClientForm
from agent_connector.oauth.registration import MAX_REDIRECT_URIS


def form(**values: str) -> ClientForm:
    sound = {
        "name": "Reports",
        "redirect_uris": "https://reports.example/callback",
        "auth_method": "none",
    }
    return ClientForm({**sound, **values})


def test_addresses_are_read_one_a_line_each_once() -> None:
    one, other = "https://reports.example/callback", "http://127.0.0.1/callback"

    filled = form(redirect_uris=f" {one}\r\n\r\n{other}\r\n{one}\n")

    assert filled.is_valid()
    assert filled.cleaned_data["redirect_uris"] == [one, other]


def test_more_addresses_than_a_registration_may_hold_are_too_many() -> None:
    uris = [f"https://reports.example/{n}" for n in range(MAX_REDIRECT_URIS + 1)]

    assert form(redirect_uris="\n".join(uris)).errors.keys() == {"redirect_uris"}


def test_a_name_that_shows_nothing_is_none() -> None:
    assert form(name="\u200b\u2800").errors["name"] == ["Give the client a name."]


def test_another_way_to_authenticate_is_refused() -> None:
    assert form(auth_method="private_key_jwt").errors.keys() == {"auth_method"}
