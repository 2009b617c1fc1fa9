"""Attacks 37 to 48: getting a consent that nobody meant to give."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from panel.agent.forms import forms_in
from tests.attacks.answers import assert_error, assert_local_page
from tests.attacks.conftest import Hire
from tests.factories import CHALLENGE, REDIRECT_URI
from tests.http.hand import change_user, count, run_sql
from tests.http.person import Person, parameters_of, text_of
from tests.http.seed import PASSWORD
from tests.http.server import Site
from tests.http.wire import Registered, at_once, register

ALLOW = {"level": "read", "decision": "allow"}


def _code_in(site: Site, answer: httpx.Response) -> str:
    """Return the code of a consent that counts, noted as a secret."""
    code = parameters_of(answer)["code"]
    site.secrets.append(code)
    return code


def _gives_nothing(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.text
    assert "Location" not in answer.headers


def test_37_a_post_without_the_csrf_token_is_forbidden(
    client: Registered, editor: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())
    del form.fields["csrfmiddlewaretoken"]

    _gives_nothing(editor.post(page, form, **ALLOW), 403)


def test_37_so_is_one_with_the_csrf_token_of_another_browser(
    client: Registered, editor: Person, viewer: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())
    _, theirs = viewer.consent_page(client.authorize_url())
    form.fields["csrfmiddlewaretoken"] = theirs.fields["csrfmiddlewaretoken"]

    _gives_nothing(editor.post(page, form, **ALLOW), 403)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_37_so_is_one_from_another_sites_page(
    client: Registered, editor: Person, origin: str
) -> None:
    page, form = editor.consent_page(client.authorize_url())

    answer = editor.browser.post(
        str(page.url), data={**form.fields, **ALLOW}, headers={"Origin": origin}
    )

    _gives_nothing(answer, 403)


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://127.0.0.1:40000/callback"},
        {"scope": "read"},
        {"state": "another"},
        {"code_challenge": CHALLENGE[::-1]},
        {"resource": None, "scope": "read write"},
    ],
    ids=str,
)
def test_38_a_decision_holds_only_for_what_was_shown(
    client: Registered, editor: Person, changes: dict[str, str | None]
) -> None:
    page, form = editor.consent_page(client.authorize_url())
    form.action = client.authorize_url(**changes)

    assert_local_page(editor.post(page, form, **ALLOW))


def test_38_a_decision_about_one_client_does_not_serve_another(
    site: Site, client: Registered, editor: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())
    form.action = register(site).authorize_url()

    assert_local_page(editor.post(page, form, **ALLOW))


@pytest.mark.parametrize("ticket", ["", "x" * 43, "☃", "\x00"])
def test_38_a_made_up_ticket_is_refused(
    client: Registered, editor: Person, ticket: str
) -> None:
    page, form = editor.consent_page(client.authorize_url())

    assert_local_page(editor.post(page, form, **ALLOW, ticket=ticket))


def test_38_a_ticket_of_another_person_is_refused(
    client: Registered, editor: Person, viewer: Person
) -> None:
    _, theirs = editor.consent_page(client.authorize_url())
    page, form = viewer.consent_page(client.authorize_url())
    ticket = str(theirs.fields["ticket"])

    assert_local_page(viewer.post(page, form, **ALLOW, ticket=ticket))


@pytest.mark.parametrize("first", ["allow", "deny"])
def test_39_a_ticket_counts_once(
    site: Site, client: Registered, editor: Person, first: str
) -> None:
    page, form = editor.consent_page(client.authorize_url())
    told = parameters_of(editor.post(page, form, level="read", decision=first))
    site.secrets.extend([told["code"]] if "code" in told else [])

    assert_local_page(editor.post(page, form, **ALLOW))


def test_39_of_parallel_posts_of_one_ticket_one_gives_a_code(
    site: Site, client: Registered, editor: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())

    answers = at_once(8, lambda: editor.post(page, form, **ALLOW))

    codes = [parameters_of(one)["code"] for one in answers if one.is_redirect]
    site.secrets.extend(codes)
    assert len(codes) == 1
    assert {one.status_code for one in answers if not one.is_redirect} == {400}


@pytest.mark.parametrize(
    "path", ["consent", "error", "refused", "login", "grid", "account", "settings"]
)
def test_40_no_page_can_be_framed(
    client: Registered, admin: Person, hire: Hire, path: str
) -> None:
    person = hire(enabled=False) if path == "refused" else admin
    page = person.browser.get(
        {
            "consent": client.authorize_url(),
            "refused": client.authorize_url(),
            "error": client.authorize_url(client_id="nobody"),
            "login": "/admin/login/",
            "grid": "/admin/agent_connector/mcpuser/",
            "account": "/admin/agent_connector/mcpuser/account/",
            "settings": "/admin/agent_connector/connectorsettings/",
        }[path]
    )

    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_41_an_earlier_consent_never_skips_the_page(
    site: Site, client: Registered, editor: Person
) -> None:
    editor.authorize(client.authorize_url(), level="read")
    client.tokens(editor)

    for asked in (
        client.authorize_url(),
        client.authorize_url(redirect_uri="http://127.0.0.1:40000/callback"),
        register(site, client.name).authorize_url(),
    ):
        page, form = editor.consent_page(asked)
        assert page.status_code == httpx.codes.OK
        assert "level" not in form.fields


def test_42_the_page_says_who_asks_where_the_answer_goes_and_who_one_is(
    site: Site, editor: Person
) -> None:
    web = "https://app.example/callback"
    client = register(site, "Some Client", redirect_uris=[web, REDIRECT_URI])

    local = text_of(editor.consent_page(client.authorize_url())[0].text)
    remote_url = client.authorize_url(redirect_uri=web)
    remote = text_of(editor.consent_page(remote_url)[0].text)

    for words in (local, remote):
        for shown in ("Some Client", "Name not verified", "Verified host None"):
            assert shown in words
        for shown in ("editor", "Read only", "Read and change", "Full"):
            assert shown in words
    assert "Answer goes to http://127.0.0.1:33418" in local
    assert "The answer stays on this computer." in local
    assert "Answer goes to app.example" in remote
    assert "The answer stays on this computer." not in remote


@pytest.mark.parametrize(
    ("scope", "ceiling", "level"),
    [
        ("read", "delete", "write"),
        ("read write delete", "read", "write"),
        ("read write delete", "delete", "delete"),  # editors delete nothing
        ("read write delete", "delete", "everything"),
        ("read write delete", "delete", "read write"),
        ("read write delete", "delete", "\x00"),
    ],
)
def test_43_a_level_that_is_not_offered_cannot_be_had(
    site: Site, client: Registered, hire: Hire, scope: str, ceiling: str, level: str
) -> None:
    person = hire()
    run_sql(
        site,
        "UPDATE agent_connector_mcpaccess SET ceiling = ? WHERE user_id ="
        " (SELECT id FROM auth_user WHERE username = ?)",
        *(ceiling, person.username),
    )
    page, form = person.consent_page(client.authorize_url(scope=scope))

    answer = person.post(page, form, decision="allow", level=level)

    assert level not in form.choices["level"]
    _gives_nothing(answer, 400)


def test_43_two_levels_at_once_or_none_are_no_choice(
    client: Registered, editor: Person
) -> None:
    page, form = editor.consent_page(client.authorize_url())
    both = editor.post(page, form, decision="allow", level=["read", "write"])
    page, form = editor.consent_page(client.authorize_url())
    none = editor.post(page, form, decision="allow")

    _gives_nothing(both, 400)
    _gives_nothing(none, 400)
    assert "Choose what this client may do." in text_of(none.text)


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_44_a_form_is_never_posted_on(
    site: Site, client: Registered, editor: Person, decision: str
) -> None:
    page, form = editor.consent_page(client.authorize_url())

    answer = editor.post(page, form, level="read", decision=decision)

    site.secrets.append(parameters_of(answer).get("code", "no code"))
    assert answer.status_code in {302, 303}


def test_45_the_page_keeps_to_itself_what_it_knows(
    site: Site, client: Registered, editor: Person
) -> None:
    page, _ = editor.consent_page(client.authorize_url())

    policy = page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r'(?:src|href|action|srcset)="(?:https?:)?//', page.text)
    assert not re.findall(r"<(?:script|style)>|<\w+ [^>]*\bon\w+=", page.text)


def _sign_in_over(person: Person, username: str) -> None:
    """Sign in without signing out, which the admin offers to nobody by a link."""
    index = person.get("/admin/")
    [leave] = [one for one in forms_in(index.text) if "logout" in one.action]
    person.submit(
        index,
        replace(leave, action="/admin/login/?next=/admin/"),
        username=username,
        password=PASSWORD,
    )


def test_46_a_session_planted_before_the_sign_in_cannot_approve(
    site: Site, client: Registered, hire: Hire
) -> None:
    attacker = hire(like="viewer")
    planted = attacker.browser.cookies["panel_session"]
    with Person(site.url) as victim:
        victim.browser.cookies.set("panel_session", planted, domain="127.0.0.1")
        _sign_in_over(victim, "editor")
        page, form = victim.consent_page(client.authorize_url())

    answer = attacker.post(page, form, **ALLOW)

    assert planted not in victim.browser.cookies.values()
    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code in {302, 400, 403}


def test_47_whoever_signs_out_before_deciding_decides_nothing(
    client: Registered, hire: Hire
) -> None:
    person = hire()
    page, form = person.consent_page(client.authorize_url())
    index = person.get("/admin/")
    [leave] = [one for one in forms_in(index.text) if "logout" in one.action]
    person.submit(index, leave)

    answer = person.post(page, form, **ALLOW)

    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code in {302, 403}


def test_47_whoever_is_somebody_else_by_then_decides_nothing(
    client: Registered, hire: Hire
) -> None:
    person = hire()
    page, form = person.consent_page(client.authorize_url())
    _sign_in_over(person, "viewer")

    answer = person.post(page, form, **ALLOW)

    _gives_nothing(answer, 400, 403)


@pytest.mark.parametrize("column", ["is_staff", "is_active"])
def test_47_whoever_lost_their_rights_meanwhile_decides_nothing(
    site: Site, client: Registered, hire: Hire, column: str
) -> None:
    person = hire()
    page, form = person.consent_page(client.authorize_url())
    change_user(site, person.username, column, to=False)
    before = count(site, "authorizationcode")

    answer = person.post(page, form, **ALLOW)

    assert "code=" not in answer.headers.get("Location", "")
    assert count(site, "authorizationcode") == before


def test_48_two_tabs_have_a_ticket_each(
    site: Site, client: Registered, editor: Person
) -> None:
    other = register(site)
    page, form = editor.consent_page(client.authorize_url())
    other_page, other_form = editor.consent_page(other.authorize_url())
    crossed = other_form.fields["ticket"]

    answer = editor.post(other_page, other_form, **ALLOW)
    assert_error(client.exchange(_code_in(site, answer)), 400, "invalid_grant")
    assert_local_page(editor.post(page, form, **ALLOW, ticket=str(crossed)))
    assert _code_in(site, editor.post(page, form, **ALLOW))
