"""Attacks 95 to 99 and 104: lists, passwords and the record."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from panel.agent.forms import form_with
from tests.attacks.answers import assert_cut, assert_dead
from tests.attacks.by_hand import pk_of, post_by_hand
from tests.attacks.conftest import Hire
from tests.http.admin_pages import (
    GRID,
    revoke_all,
    token_rows,
    user_pk,
)
from tests.http.hand import count, run_sql
from tests.http.person import Person, form_for, text_of
from tests.http.seed import PASSWORD
from tests.http.server import Site
from tests.http.wire import Registered, post_call, register

ADMIN = "/admin/agent_connector"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r="])
def test_95_no_client_name_is_a_formula(
    site: Site, admin: Person, hire: Hire, sign: str
) -> None:
    owner = hire()
    client = register(site, f"{sign}HYPERLINK(1)")
    post_call(site, client.tokens(owner).access)

    for address in (f"{GRID}export/", f"{ADMIN}/toolcall/export/"):
        answer = admin.get(address)
        assert answer.headers["Content-Type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
        cells = [cell for row in rows for cell in row]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not [one for one in cells if one.startswith(("=", "+", "@", "-H"))]


@pytest.mark.parametrize(
    "query",
    [
        "p=99999999999999999999",
        "p=-1",
        "o=99.-99.x",
        "q=%00",
        "q=%ff",
        "password__startswith=a",
        "user__password__startswith=a",
        "mcp_connections__tokens__digest=a",
        "access=magic",
        "added_from=yesterday&used_to=31.02.2026",
        "e=1",
        "all=1&p=999",
    ],
)
@pytest.mark.parametrize("screen", ["mcpuser", "client", "toolcall"])
def test_96_a_strange_address_of_a_list_shows_some_page(
    admin: Person, screen: str, query: str
) -> None:
    answer = admin.get(f"{ADMIN}/{screen}/?{query}")

    assert answer.status_code in {200, 400, 404}, answer.text


def test_96_no_parameter_answers_a_question_about_a_password(admin: Person) -> None:
    for lookup in ("password__startswith", "password__contains"):
        for value in ("md5", "zzz"):
            pages = {
                text_of(admin.get(f"{GRID}?{lookup}={one}").text)
                for one in (value, "other")
            }
            assert len(pages) == 1


@pytest.mark.parametrize("screen", ["info", "access", "tokens", "events", "revoke"])
@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "x", "%00", "-1"])
def test_96_a_user_who_is_not_there_is_not_found(
    admin: Person, screen: str, pk: str
) -> None:
    assert admin.get(f"{GRID}{pk}/{screen}/").status_code in {400, 404}


def test_97_no_page_shows_a_digest_a_hash_or_a_session(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    owner = hire()
    client.tokens(owner)
    pk = user_pk(admin, owner.username)
    hidden = [value for [value] in run_sql(site, "SELECT password FROM auth_user")]
    hidden += [key for [key] in run_sql(site, "SELECT session_key FROM django_session")]
    digests = run_sql(site, "SELECT digest FROM agent_connector_token")
    hidden += [bytes(digest).hex() for [digest] in digests]
    others = [f"{GRID}{one}" for one in ("", "export/")]
    others += [f"{GRID}{pk}/{one}/" for one in ("info", "tokens", "events")]
    others += [f"{ADMIN}/client/", f"{ADMIN}/toolcall/", f"{ADMIN}/toolcall/export/"]

    pages = [admin.get(address).text for address in others]
    own = owner.get(f"{GRID}account/").text

    assert [one for one in hidden if any(one in page for page in [*pages, own])] == []
    assert "admin@example.com" not in own
    assert "viewer@example.com" not in own


def test_99_a_changed_password_ends_every_connection(
    client: Registered, hire: Hire
) -> None:
    person = hire()
    tokens = client.tokens(person)
    page = person.get("/admin/password_change/")
    form = form_with(page.text, "old_password")
    assert form is not None

    new = "a fresh and long enough one"
    fields = {"new_password1": new, "new_password2": new}
    person.submit(page, form, old_password=PASSWORD, **fields)

    assert_dead(client, tokens)


@pytest.mark.parametrize(
    "fields",
    [
        {"password1": "long enough for you", "password2": "long enough for you"},
        {"usable_password": "false"},
    ],
    ids=["a new password", "none any more"],
)
def test_99_so_does_one_that_an_administrator_sets_or_takes_away(
    site: Site, client: Registered, admin: Person, hire: Hire, fields: dict[str, str]
) -> None:
    person = hire()
    tokens = client.tokens(person)
    address = f"/admin/auth/user/{pk_of(site, person)}/password/"
    name = "unset-password" if "usable_password" in fields else "set-password"

    answer = post_by_hand(admin, address, **fields, **{name: "x"})

    assert answer.status_code == httpx.codes.FOUND, text_of(answer.text)
    assert_dead(client, tokens)


@pytest.mark.parametrize("right", ["is_active", "is_staff"])
def test_99_whoever_loses_a_right_on_djangos_own_page_is_cut_at_once(
    site: Site, client: Registered, admin: Person, hire: Hire, right: str
) -> None:
    person = hire()
    tokens = client.tokens(person)
    page = admin.get(f"/admin/auth/user/{pk_of(site, person)}/change/")
    form = form_for(page, field="username", value=person.username)
    del form.fields[right]

    answer = admin.submit(page, form)

    assert answer.status_code == httpx.codes.OK
    assert_cut(site, post_call(site, tokens.access))


def test_104_the_record_cannot_be_edited(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    owner = hire()
    revoke_all_of = client.tokens(owner)
    revoke_all(admin, owner.username)
    assert_cut(site, post_call(site, revoke_all_of.access))
    [[event]] = run_sql(site, "SELECT MAX(id) FROM agent_connector_event")
    [[call]] = run_sql(site, "SELECT MAX(id) FROM agent_connector_toolcall")

    for path in (f"event/{event}/", "event/", "event/add/", "toolcall/add/"):
        assert admin.get(f"{ADMIN}/{path}").status_code == httpx.codes.NOT_FOUND
    for verb in ("change", "delete"):
        url = f"{ADMIN}/event/{event}/{verb}/"
        assert admin.get(url).status_code == httpx.codes.NOT_FOUND
        assert post_by_hand(admin, url, post="yes").status_code == 404
    for url in (f"toolcall/{call}/", f"toolcall/{call}/delete/", "toolcall/"):
        before = count(site, "toolcall")
        answer = post_by_hand(
            admin, f"{ADMIN}/{url}", outcome="done", action="delete_selected"
        )
        assert answer.status_code in {302, 403, 404, 405}, url
        assert count(site, "toolcall") == before
    assert len(token_rows(admin, owner.username)) == 1
