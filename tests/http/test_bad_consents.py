"""Bad input where a person is asked: told on a page, or told to the client."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.http.person import Person, Refused, parameters_of, text_of
from tests.http.server import Site
from tests.http.wire import Registered, register


@pytest.fixture(scope="module")
def client(site: Site) -> Registered:
    return register(site, "<b>Bold</b> Client")


@pytest.fixture(scope="module")
def newcomer(site: Site) -> Iterator[Person]:
    with Person(site.url) as person:
        yield person.sign_in("newcomer")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "\x00"},
        {"redirect_uri": "http://127.0.0.1:33418/other"},
        {"redirect_uri": "http://localhost:33418/callback"},
        {"redirect_uri": "https://example.com/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "x" * 3000},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_an_address_that_cannot_be_trusted_gets_a_page_and_no_redirect(
    client: Registered, editor: Person, changes: dict[str, str | None]
) -> None:
    answer = editor.browser.get(client.authorize_url(**changes))

    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert "Location" not in answer.headers
    assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "read everything"}, "invalid_scope"),
        ({"resource": "https://example.com/mcp"}, "invalid_target"),
        ({"request": "x"}, "request_not_supported"),
        ({"prompt": "none"}, "interaction_required"),
    ],
    ids=str,
)
def test_a_wrong_request_is_told_to_the_client_with_state_and_issuer(
    site: Site,
    client: Registered,
    editor: Person,
    changes: dict[str, str | None],
    error: str,
) -> None:
    told = parameters_of(editor.browser.get(client.authorize_url(**changes)))

    assert told["error"] == error
    assert told["state"] == "a state"
    assert told["iss"] == site.url


def test_a_repeated_parameter_is_refused(client: Registered, editor: Person) -> None:
    address = client.authorize_url() + "&resource=https%3A%2F%2Fexample.com"

    told = parameters_of(editor.browser.get(address))

    assert told["error"] in {"invalid_request", "invalid_target"}


def test_any_port_of_this_computer_will_do(client: Registered, editor: Person) -> None:
    address = client.authorize_url(redirect_uri="http://127.0.0.1:40000/callback")

    page, _ = editor.consent_page(address)

    assert page.status_code == httpx.codes.OK


def test_the_newcomer_reads_why_not_and_whom_to_ask(
    client: Registered, newcomer: Person
) -> None:
    with pytest.raises(Refused) as refused:
        newcomer.consent_page(client.authorize_url())

    page = refused.value.page
    words = text_of(page.text)
    assert page.status_code == httpx.codes.FORBIDDEN
    assert "MCP access" in words
    assert "administrator" in words


def test_the_form_alone_gives_a_newcomer_no_code(
    client: Registered, editor: Person, newcomer: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())

    answer = newcomer.post(page, form, level="read", decision="allow")

    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code in {400, 403}


def test_no_choice_shows_the_page_again_with_what_is_missing(
    client: Registered, editor: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())

    answer = editor.post(page, form, decision="allow")

    assert "level" not in form.fields
    assert not answer.is_redirect
    assert answer.status_code in {200, 400, 422}
    assert form.choices["level"] == ["read", "write"]


@pytest.mark.parametrize("level", ["everything", "", "read write", "\x00"])
def test_a_level_that_was_not_offered_gives_no_code(
    client: Registered, editor: Person, level: str
) -> None:
    page, form = editor.consent_page(client.authorize_url(scope="read"))

    answer = editor.post(page, form, decision="allow", level=level)

    assert answer.status_code < 500
    assert "code=" not in answer.headers.get("Location", "")


def test_a_consent_counts_once_and_for_who_gave_it(
    client: Registered, editor: Person, viewer: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())

    stolen = viewer.post(page, form, level="read", decision="allow")
    first = parameters_of(editor.post(page, form, level="read", decision="allow"))
    second = editor.post(page, form, level="read", decision="allow")

    client.site.secrets.append(first["code"])
    assert "code=" not in stolen.headers.get("Location", "")
    assert "code=" not in second.headers.get("Location", "")


def test_denying_is_told_to_the_client(client: Registered, editor: Person) -> None:
    told = editor.authorize(client.authorize_url(), decision="deny", level="read")

    assert told["error"] == "access_denied"
    assert "code" not in told


def test_the_page_shows_the_clients_name_as_text(
    client: Registered, editor: Person
) -> None:
    page, _ = editor.consent_page(client.authorize_url())

    assert "<b>Bold</b>" not in page.text
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in page.headers["Cache-Control"]
