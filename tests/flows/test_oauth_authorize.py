"""Attacks 25 to 36: what leads to the consent page, and what does not."""

from __future__ import annotations

from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.test import Client as Browser

from agent_connector.models import AuthorizationCode, Client, Connection, Event
from agent_connector.oauth.limits import REFUSALS
from agent_connector.policy.site import site_url
from tests.authorization import AUTHORIZE, STATE, answer_in, authorize_url, ticket_on
from tests.factories import PASSWORD, REDIRECT_URI, make_client, make_user

pytestmark = pytest.mark.django_db


def assert_local_page(response: Any) -> None:
    """Nothing is sent anywhere: a page of ours, with nothing of the request on it."""
    page = response.content.decode()
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert "This request cannot continue" in page
    assert "evil" not in page
    assert not Connection.objects.exists()


@pytest.mark.spec("attacks", "25")
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/cb"},
    ],
)
def test_without_client_or_redirect_uri_a_page_answers(
    client: Browser,
    signed_in: bool,  # noqa: FBT001  # a table
    changes: dict[str, str | None],
) -> None:
    if signed_in:
        client.force_login(make_user())

    assert_local_page(client.get(authorize_url(make_client(), **changes)))


@pytest.mark.spec("attacks", "25")
@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_repeated_client_or_redirect_uri_is_a_page(
    client: Browser, name: str
) -> None:
    url = authorize_url(make_client())

    assert_local_page(client.get(f"{url}&{name}=https://evil.example/"))


@pytest.mark.spec("attacks", "25")
def test_a_blocked_client_is_a_page(client: Browser) -> None:
    client.force_login(make_user())

    assert_local_page(client.get(authorize_url(make_client(trust="blocked"))))


@pytest.mark.spec("attacks", "26")
@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/cb/",
        "https://example.com/cb?evil=1",
        "https://example.com:8443/cb",
        "https://EXAMPLE.com/cb",
        "https://example.com.evil.example/cb",
        "https://example.com/cb/../evil",
        "https://example.com/cbevil",
        "http://localhost:33418/callback",
        "http://127.0.0.1:33418/evil",
        "http://127.0.0.1:33418/callback/evil",
        "javascript:alert('evil')",
    ],
)
def test_a_near_miss_of_the_redirect_uri_is_a_page(client: Browser, uri: str) -> None:
    program = make_client(redirect_uris=["https://example.com/cb", REDIRECT_URI])
    client.force_login(make_user())

    assert_local_page(client.get(authorize_url(program, redirect_uri=uri)))


@pytest.mark.spec("attacks", "27")
def test_on_loopback_any_port_is_accepted(client: Browser) -> None:
    program = make_client(redirect_uris=["http://localhost/callback"])
    client.force_login(make_user())

    url = authorize_url(program, redirect_uri="http://localhost:52731/callback")

    assert "http://localhost:52731" in client.get(url).content.decode()


@pytest.mark.spec("attacks", "28 to 31 and 33")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "x" * 42}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "read root"}, "invalid_scope"),
        ({"resource": "https://evil.example/mcp"}, "invalid_target"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"prompt": "none"}, "interaction_required"),
    ],
)
def test_anything_else_is_told_to_the_client_with_state_and_issuer(
    client: Browser, changes: dict[str, str | None], error: str
) -> None:
    client.force_login(make_user())

    response = client.get(authorize_url(make_client(), **changes))

    answer = answer_in(response)
    assert response.headers["Location"].startswith(REDIRECT_URI + "?")
    assert answer.pop("error_description")
    assert answer == {"error": error, "state": STATE, "iss": site_url()}
    assert not AuthorizationCode.objects.exists()


@pytest.mark.spec("RFC 9700", "4.11.2")
@pytest.mark.parametrize("uri", ["https://evil.example/land", "evil.app://land"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_error_redirects_nobody_who_has_not_signed_in(
    client: Browser, uri: str, method: str
) -> None:
    program = make_client(redirect_uris=[uri])
    url = authorize_url(program, redirect_uri=uri, response_type="x")

    response = client.generic(method, url)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/?next=")
    assert not response.content


@pytest.mark.spec("RFC 9700", "4.11.2")
@pytest.mark.parametrize("rights", [{"is_staff": False}, {"enabled": False}])
def test_an_error_redirects_nobody_who_may_not_connect(
    client: Browser, rights: dict[str, Any]
) -> None:
    client.force_login(make_user("jane", **rights))
    program = make_client(redirect_uris=["https://evil.example/land"])
    url = authorize_url(
        program, redirect_uri="https://evil.example/land", response_type="x"
    )

    response = client.get(url)

    assert response.status_code == 403
    assert "Location" not in response.headers


@pytest.mark.spec("RFC 9700", "4.11.2")
def test_after_the_login_a_link_carries_the_error_to_the_client(
    client: Browser,
) -> None:
    make_user("jane")
    url = authorize_url(make_client(), scope="nonsense")
    login = client.get(url).headers["Location"]
    following = parse_qs(urlsplit(login).query)["next"][0]
    fields = {"username": "jane", "password": PASSWORD, "next": following}

    page = client.post(login, fields, follow=True)

    link = unescape(page.content.decode().split('class="button" href="')[1])
    answer = dict(parse_qsl(urlsplit(link.split('"')[0]).query))
    assert page.status_code == 400
    assert "http-equiv" not in page.content.decode()
    assert link.startswith(REDIRECT_URI + "?")
    assert answer.pop("error_description") in page.content.decode()
    assert answer == {"error": "invalid_scope", "state": STATE, "iss": site_url()}


@pytest.mark.spec("attacks", "28 and 31")
@pytest.mark.parametrize(
    "more",
    ["&code_challenge=x", "&resource=a&resource=b", "&scope=read", "&prompt=%ff"],
)
def test_a_repeated_or_broken_parameter_is_told_to_the_client(
    client: Browser, more: str
) -> None:
    client.force_login(make_user())

    response = client.get(authorize_url(make_client()) + more)

    assert answer_in(response)["error"] == "invalid_request"


@pytest.mark.spec("attacks", "32")
@pytest.mark.parametrize("state", ["x" * 2001, "a\r\nSet-Cookie: b=c", "nul\x00"])
def test_a_state_that_could_do_harm_is_refused_and_not_echoed(
    client: Browser, state: str
) -> None:
    client.force_login(make_user())

    response = client.get(authorize_url(make_client(), state=state))

    assert "state" not in answer_in(response)
    assert "Set-Cookie" not in response.headers


@pytest.mark.spec("attacks", "32")
def test_a_strange_state_comes_back_unchanged(client: Browser) -> None:
    state = "a&code=forged&iss=x#/?%20 ü\"'<>" + "x" * 1900
    url = authorize_url(make_client(), state=state, scope="nonsense")
    client.force_login(make_user())

    answer = answer_in(client.get(url))

    assert answer["state"] == state
    assert answer["iss"] == site_url()
    assert "code" not in answer


@pytest.mark.spec("attacks", "34")
def test_whoever_is_not_signed_in_comes_back_after_the_login(client: Browser) -> None:
    url = authorize_url(make_client(), state="a b&c/ü")

    response = client.get(url)

    target = urlsplit(response.headers["Location"])
    assert response.status_code == 302
    assert (target.netloc, target.path) == ("", "/admin/login/")
    assert parse_qs(target.query)["next"] == [url]
    assert response.headers["Cache-Control"] == "no-store"
    assert not client.session.keys()


@pytest.mark.spec("attacks", "34")
def test_after_the_login_the_same_request_is_shown(client: Browser) -> None:
    user = make_user()
    login = client.get(authorize_url(make_client("Codex"))).headers["Location"]
    fields = {
        "username": user.get_username(),
        "password": PASSWORD,
    }
    following = parse_qs(urlsplit(login).query)["next"][0]

    page = client.post(login, {**fields, "next": following}, follow=True)

    assert "Connect <bdi>Codex</bdi>" in page.content.decode()
    assert ticket_on(page)


@pytest.mark.spec("attacks", "35")
@pytest.mark.parametrize(
    ("fields", "reason", "denial"),
    [
        ({"enabled": False}, "MCP access is disabled", "disabled"),
        ({"is_staff": False}, "not a staff user", "not_staff"),
    ],
)
def test_who_may_not_connect_is_told_why_and_whom_to_ask(
    client: Browser, fields: dict[str, Any], reason: str, denial: str
) -> None:
    user = make_user("newcomer", **fields)
    client.force_login(user)

    response = client.get(authorize_url(make_client("Codex")))

    page = response.content.decode()
    assert response.status_code == 403
    assert reason in page
    assert "newcomer" in page
    assert "administrator of this site" in page
    event = Event.objects.get(kind=Event.Kind.CONSENT_REFUSED)
    assert (event.user, event.detail) == (user, f"Codex: {denial}")
    assert not Connection.objects.exists()


def test_reloading_the_refusal_writes_only_so_many_events(client: Browser) -> None:
    client.force_login(make_user(enabled=False))
    programs = [make_client(), make_client()]

    for _ in range(REFUSALS.most):
        for program in programs:
            client.head(authorize_url(program))
            assert client.get(authorize_url(program)).status_code == 403

    assert Event.objects.count() == REFUSALS.most


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ("panel.site.site", "System › AI Agent Connector › MCP Users"),  # noqa: RUF001
        ("tests.two_sites.bare", "that is AI Agent Connector › MCP Users"),  # noqa: RUF001
    ],
)
def test_who_is_refused_is_told_the_way_in_the_words_of_that_site(
    client: Browser, settings: Any, site: str, words: str
) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "ADMIN_SITE": site}
    settings.ROOT_URLCONF = "tests.two_sites"
    client.force_login(make_user(enabled=False))

    page = client.get(authorize_url(make_client())).content.decode()

    assert words in page


def test_both_pages_lead_to_ones_own_account_setting(client: Browser) -> None:
    link = '<a href="/admin/agent_connector/mcpuser/account/">Account Setting</a>'
    url = authorize_url(make_client())
    client.force_login(make_user(enabled=False))
    refused = client.get(url).content.decode()
    client.force_login(make_user())
    consent = client.get(url).content.decode()

    assert link in refused
    assert link in consent


@pytest.mark.spec("attacks", "35")
def test_an_inactive_user_is_told_so_where_the_host_lets_such_users_in(
    client: Browser, settings: Any
) -> None:
    settings.AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.AllowAllUsersModelBackend"
    ]
    client.force_login(make_user(is_active=False))

    response = client.get(authorize_url(make_client()))

    assert response.status_code == 403
    assert "is not active" in response.content.decode()


def test_an_admin_that_asks_for_more_is_obeyed(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("panel.site.PanelAdminSite.has_permission", lambda *_: False)
    client.force_login(make_user())

    response = client.get(authorize_url(make_client()))

    assert response.headers["Location"].startswith("/admin/login/?next=")


@pytest.mark.spec("attacks", "36")
def test_parameters_in_a_posted_body_are_no_request(client: Browser) -> None:
    program = make_client()
    client.force_login(make_user())
    query = parse_qs(urlsplit(authorize_url(program)).query)
    fields = {name: values[0] for name, values in query.items()}

    response = client.post(AUTHORIZE, {**fields, "decision": "allow", "level": "read"})

    assert_local_page(response)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_do_nothing(client: Browser, method: str) -> None:
    client.force_login(make_user())

    response = client.generic(method, authorize_url(make_client()))

    assert response.status_code == 405


def test_a_client_of_any_kind_that_answers_by_a_program_gets_its_error_by_page(
    client: Browser,
) -> None:
    uri = "cursor://anysphere.cursor-mcp/oauth/callback"
    program = make_client("Cursor", redirect_uris=[uri], kind=Client.Kind.MANUAL)
    client.force_login(make_user())

    response = client.get(authorize_url(program, redirect_uri=uri, scope="x"))

    assert response.status_code == 200
    assert f'href="{uri}?error=invalid_scope' in response.content.decode()
