"""Attacks 25 to 36: requests for authorization that are not what they seem."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from panel.agent.forms import form_with
from tests.attacks.answers import FORM, assert_local_page
from tests.attacks.conftest import Hire
from tests.factories import CHALLENGE, REDIRECT_URI
from tests.http.hand import change_user, count, run_sql
from tests.http.person import Person, parameters_of, text_of
from tests.http.seed import PASSWORD
from tests.http.sending import send
from tests.http.server import Site
from tests.http.wire import Registered, register

WEB = "https://app.example/callback?tenant=1"


@pytest.fixture(scope="module")
def precise(site: Site) -> Registered:
    """A client with one address of each sort."""
    return register(site, redirect_uris=[WEB, REDIRECT_URI, "http://localhost/cb"])


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "anonymous"])
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "\x00"},
        {"redirect_uri": None},
        {"redirect_uri": "https://example.com/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "x" * 3000},
        {"redirect_uri": REDIRECT_URI + "\r\nLocation: x"},
    ],
    ids=lambda changes: ascii(changes)[:60],
)
def test_25_who_is_not_known_gets_a_page_and_no_redirect(
    client: Registered,
    editor: Person,
    signed_in: bool,  # noqa: FBT001  # a table
    changes: dict[str, str | None],
) -> None:
    url = client.authorize_url(**changes)

    assert_local_page(editor.browser.get(url) if signed_in else send("GET", url))


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_25_a_repeated_client_or_address_gets_a_page(
    client: Registered, editor: Person, name: str
) -> None:
    url = client.authorize_url()
    value = parse_qs(urlsplit(url).query)[name][0]

    for second in ("https://evil.example/", value):
        assert_local_page(editor.browser.get(f"{url}&{name}={second}"))


def test_25_a_blocked_client_gets_a_page(site: Site, editor: Person) -> None:
    blocked = register(site)
    run_sql(
        site,
        "UPDATE agent_connector_client SET trust = 'blocked' WHERE client_id = ?",
        blocked.client_id,
    )

    assert_local_page(editor.browser.get(blocked.authorize_url()))


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/callback",
        "https://app.example/callback?tenant=1&more=2",
        "https://app.example/callback?tenant=12",
        "https://app.example/callback/?tenant=1",
        "https://app.example/Callback?tenant=1",
        "https://APP.example/callback?tenant=1",
        "HTTPS://app.example/callback?tenant=1",
        "https://app.example:443/callback?tenant=1",
        "https://app.example:8443/callback?tenant=1",
        "https://app.example.evil.example/callback?tenant=1",
        "https://app.example@evil.example/callback?tenant=1",
        "https://app.example./callback?tenant=1",
        "https://app.example/x/../callback?tenant=1",
        "https://app.example/%63allback?tenant=1",
        "https://app.example/callback?tenant=1#",
        "https://app.example/callback;x?tenant=1",
        "http://app.example/callback?tenant=1",
        WEB + "evil",
        WEB + "/../../evil",
        WEB + "\\@evil.example",
        "http://localhost:33418/callback",
        "http://127.0.0.1:33418/callback/",
        "http://127.0.0.1:33418/callback/evil",
        "http://127.0.0.1:33418/callback?x=1",
        "http://127.0.0.1:33418/other",
        "http://127.0.0.1:33418@evil.example/callback",
        "http://127.0.0.1.evil.example:33418/callback",
        "http://127.0.0.1:33418/callback#x",
        "http://127.0.0.2:33418/callback",
        "http://0.0.0.0:33418/callback",
        "http://127.1:33418/callback",
        "http://2130706433:33418/callback",
        "http://[::1]:33418/callback",
        "http://[::ffff:127.0.0.1]:33418/callback",
        "https://127.0.0.1:33418/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:33418callback",
        "http://127.0.0.1/cb",
        "http://localhost.evil.example/cb",
    ],
)
def test_26_a_near_miss_of_a_registered_address_gets_a_page(
    precise: Registered, editor: Person, uri: str
) -> None:
    assert_local_page(editor.browser.get(precise.authorize_url(redirect_uri=uri)))


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:40000/callback",
        "http://127.0.0.1/callback",
        "http://localhost:52731/cb",
        "http://localhost:1/cb",
    ],
)
def test_27_any_port_of_this_computer_will_do(
    precise: Registered, editor: Person, uri: str
) -> None:
    told = editor.authorize(precise.authorize_url(redirect_uri=uri), level="read")

    precise.site.secrets.append(told["code"])
    assert told["code"]


def _assert_told(
    client: Registered, person: Person, error: str, changes: dict[str, str | None]
) -> None:
    """The verified redirect URI is told the error, with state and issuer."""
    before = count(client.site, "authorizationcode")

    answer = person.browser.get(client.authorize_url(**changes))

    told = parameters_of(answer)
    assert answer.headers["Location"].startswith(f"{REDIRECT_URI}?")
    assert told.pop("error_description")
    assert told == {"error": error, "state": "a state", "iss": client.site.url}
    assert count(client.site, "authorizationcode") == before


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None},
        {"code_challenge": "short"},
        {"code_challenge": CHALLENGE + "="},
        {"code_challenge": CHALLENGE[:-1]},
        {"code_challenge": CHALLENGE[:-1] + "+"},
        {"code_challenge": "é" * 43},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge_method": "s256"},
        {"code_challenge_method": "S512"},
    ],
    ids=str,
)
def test_28_a_challenge_that_proves_nothing_is_told_to_the_client(
    client: Registered, editor: Person, changes: dict[str, str | None]
) -> None:
    _assert_told(client, editor, "invalid_request", changes)


@pytest.mark.parametrize("name", ["code_challenge", "code_challenge_method"])
def test_28_a_repeated_challenge_is_told_to_the_client(
    client: Registered, editor: Person, name: str
) -> None:
    url = f"{client.authorize_url()}&{name}=S256"

    assert parameters_of(editor.browser.get(url))["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("response_type", "error"),
    [
        ("token", "unsupported_response_type"),
        ("id_token", "unsupported_response_type"),
        ("code token", "unsupported_response_type"),
        ("none", "unsupported_response_type"),
        ("CODE", "unsupported_response_type"),
        (None, "invalid_request"),
    ],
)
def test_29_only_a_code_can_be_had(
    client: Registered, editor: Person, response_type: str | None, error: str
) -> None:
    _assert_told(client, editor, error, {"response_type": response_type})


@pytest.mark.parametrize("scope", ["admin", "read everything", "READ", "read,write"])
def test_30_an_unknown_scope_is_told_to_the_client(
    client: Registered, editor: Person, scope: str
) -> None:
    _assert_told(client, editor, "invalid_scope", {"scope": scope})


@pytest.mark.parametrize(
    "resource",
    [
        "https://example.com/mcp",
        "http://127.0.0.1/mcp",
        "{url}/mcp/other",
        "{url}",
        "{url}/MCP",
        "{url}/mcp?x=1",
        "{url}/mcp#x",
        "{url}.evil.example/mcp",
    ],
)
def test_31_a_foreign_resource_is_told_to_the_client(
    site: Site, client: Registered, editor: Person, resource: str
) -> None:
    changes: dict[str, str | None] = {"resource": resource.format(url=site.url)}

    _assert_told(client, editor, "invalid_target", changes)


def test_31_two_resources_are_never_taken(
    site: Site, client: Registered, editor: Person
) -> None:
    for second in ("https%3A%2F%2Fexample.com", site.mcp_url):
        url = f"{client.authorize_url()}&resource={second}"

        assert parameters_of(editor.browser.get(url))["error"] == "invalid_request"


@pytest.mark.parametrize("state", ["x" * 2001, "a\r\nSet-Cookie: x=1", "a\x00b", "\n"])
def test_32_a_state_that_could_do_harm_is_refused_and_not_echoed(
    client: Registered, editor: Person, state: str
) -> None:
    answer = editor.browser.get(client.authorize_url(state=state))

    told = parameters_of(answer)
    assert told["error"] == "invalid_request"
    assert "state" not in told
    assert "x" not in answer.cookies


@pytest.mark.parametrize(
    "state", ["x" * 2000, "a&error=b#c", "é☃", "%0d%0aX: y", "\"'<b>", "+ +"]
)
def test_32_a_strange_state_comes_back_unchanged(
    client: Registered, editor: Person, state: str
) -> None:
    told = editor.authorize(
        client.authorize_url(state=state), decision="deny", level="read"
    )

    assert told["state"] == state
    assert told["error"] == "access_denied"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"prompt": "none"}, "interaction_required"),
        ({"prompt": "login none"}, "interaction_required"),
    ],
    ids=str,
)
def test_33_what_would_change_the_meaning_is_refused_and_never_ignored(
    client: Registered, editor: Person, changes: dict[str, str | None], error: str
) -> None:
    _assert_told(client, editor, error, changes)


def test_34_whoever_is_not_signed_in_comes_back_to_the_same_request(
    site: Site, client: Registered
) -> None:
    with Person(site.url) as person:
        url = client.authorize_url(state="kept & intact")
        login = person.browser.get(url).headers["Location"]
        following = parse_qs(urlsplit(login).query)["next"][0]

        page = person.submit(
            person.get(url),
            _login_form(person.get(url)),
            username="editor",
            password=PASSWORD,
        )

    assert login.startswith("/admin/login/?next=/mcp/oauth/authorize")
    assert f"{site.url}{following}" == url
    assert str(page.url) == url
    assert "Authorize" in text_of(page.text)


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"],
)
def test_34_the_sign_in_leads_to_no_other_host(site: Site, following: str) -> None:
    with Person(site.url) as person:
        page = person.browser.get("/admin/login/", params={"next": following})

        answer = person.post(
            page, _login_form(page), username="editor", password=PASSWORD
        )

    assert answer.is_redirect
    assert answer.headers["Location"] == "/accounts/profile/"  # Django's default


def _login_form(page: httpx.Response) -> Any:
    form = form_with(page.text, "username", "password")
    assert form is not None
    return form


@pytest.mark.parametrize(
    ("column", "status"), [("is_staff", 403), ("is_active", 302), ("", 403)]
)
def test_35_who_may_not_connect_gets_no_code_and_the_record_says_so(
    site: Site, client: Registered, hire: Hire, column: str, status: int
) -> None:
    person = hire(enabled=bool(column))
    username = person.username
    if column:
        change_user(site, username, column, to=False)
    before = count(site, "authorizationcode")

    answer = person.browser.get(client.authorize_url())

    assert answer.status_code == status, answer.text
    if status == 403:
        assert "administrator" in text_of(answer.text)
        refusals = "kind = 'consent_refused' AND user_id ="
        of_user = "(SELECT id FROM auth_user WHERE username = ?)"
        assert count(site, "event", f"{refusals} {of_user}", username)
    else:  # Django itself knows inactive users no more: they are asked to sign in
        assert answer.headers["Location"].startswith("/admin/login/")
    assert count(site, "authorizationcode") == before


def test_35_the_form_alone_gives_a_newcomer_no_code(
    client: Registered, editor: Person, hire: Hire
) -> None:
    newcomer = hire(enabled=False)
    page, form = editor.consent_page(client.authorize_url())

    answer = newcomer.post(page, form, level="read", decision="allow")

    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code in {400, 403}


def test_36_parameters_in_a_posted_body_are_no_request(
    site: Site, client: Registered, editor: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())
    asked = dict(parse_qsl(urlsplit(client.authorize_url()).query))

    answer = editor.browser.post(
        "/mcp/oauth/authorize",
        data={**asked, **form.fields, "level": "read", "decision": "allow"},
        headers={"Referer": str(page.url), **FORM},
    )

    assert_local_page(answer)
