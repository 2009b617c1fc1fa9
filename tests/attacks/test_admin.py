"""Attacks 89 to 99 and 104: the administrator's pages in the wrong hands."""

from __future__ import annotations

import csv
import io
import uuid

import httpx
import pytest

from panel.agent.forms import form_with
from tests.attacks.answers import assert_alive, assert_cut, assert_dead
from tests.attacks.conftest import Hire
from tests.http.admin_pages import (
    GRID,
    mass_revoke,
    revoke_all,
    set_access,
    token_rows,
    user_pk,
)
from tests.http.hand import connection_of, count, run_sql
from tests.http.person import Person, form_for, text_of
from tests.http.seed import PASSWORD
from tests.http.server import Site
from tests.http.wire import Registered, post_call, register

ACCESS = {"access": "disabled", "password": "x", "confirm": "yes"}
ADMIN = "/admin/agent_connector"


def _post_by_hand(
    person: Person, url: str, **fields: str | list[str]
) -> httpx.Response:
    """Post with a good CSRF token, whether or not a page offers the form."""
    page = person.get("/admin/password_change/")
    form = form_with(page.text, "old_password")
    assert form is not None
    token = form.fields["csrfmiddlewaretoken"]
    return person.browser.post(
        url,
        data={"csrfmiddlewaretoken": token, **fields},
        headers={"Referer": str(page.url)},
    )


def _public_id_of(site: Site, token: str) -> uuid.UUID:
    [[found]] = run_sql(
        site,
        "SELECT public_id FROM agent_connector_connection WHERE id = ?",
        connection_of(site, token),
    )
    return uuid.UUID(str(found))


def test_89_everybody_sees_and_revokes_their_own_only(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    owner, other = hire(), hire()
    tokens = client.tokens(owner)
    public_id = _public_id_of(site, tokens.access)
    pks = {one.username: user_pk(admin, one.username) for one in (owner, other)}

    foreign = [
        other.get(f"{GRID}{pks[whose.username]}/tokens/{which}/revoke/")
        for whose, which in (
            (owner, public_id),
            (other, public_id),
            (other, uuid.uuid4()),
        )
    ]
    direct = _post_by_hand(
        other,
        f"{GRID}{pks[other.username]}/tokens/{public_id}/revoke/",
        confirm="yes",
    )

    assert [one.status_code for one in foreign] == [403, 404, 404]
    assert direct.status_code == 404
    assert text_of(foreign[1].text) == text_of(foreign[2].text)
    assert client.name in owner.get(f"{GRID}account/").text
    assert client.name not in other.get(f"{GRID}account/").text
    assert post_call(site, tokens.access).status_code == httpx.codes.OK
    page = owner.get(f"{GRID}{pks[owner.username]}/tokens/{public_id}/revoke/")
    owner.submit(page, form_for(page, field="confirm", value="yes"), confirm="yes")
    assert_dead(client, tokens)


def test_90_without_the_permission_there_is_no_grid_and_no_act(
    site: Site, client: Registered, admin: Person, editor: Person, hire: Hire
) -> None:
    owner = hire()
    tokens = client.tokens(owner)
    pk = user_pk(admin, owner.username)

    for screen in ("", "export/", f"{pk}/info/", f"{pk}/tokens/", f"{pk}/revoke/"):
        assert editor.get(f"{GRID}{screen}").status_code == httpx.codes.FORBIDDEN
    for url, fields in (
        (f"{GRID}{pk}/access/", ACCESS),
        (f"{GRID}{pk}/revoke/", {"confirm": "yes"}),
        (GRID, {"action": "revoke", "_selected_action": pk, "confirm": "yes"}),
        (GRID, {"action": "disable", "_selected_action": pk, "confirm": "yes"}),
        (f"{ADMIN}/connectorsettings/", {"mcp_server_enabled": ""}),
        (f"{ADMIN}/client/1/block/", {"confirm": "yes"}),
    ):
        answer = _post_by_hand(editor, url, **fields)
        assert answer.status_code == httpx.codes.FORBIDDEN, url

    assert_alive(client, tokens)


def test_91_a_look_or_a_post_without_the_csrf_token_changes_nothing(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    owner = hire()
    tokens = client.tokens(owner)
    pk = user_pk(admin, owner.username)
    token_page = f"{pk}/tokens/{_public_id_of(site, tokens.access)}/revoke/"
    acts = (f"{pk}/access/", f"{pk}/revoke/", token_page, "")
    fields = {**ACCESS, "action": "revoke", "_selected_action": pk}

    for act in acts:
        admin.get(f"{GRID}{act}", params=fields)
        answer = admin.browser.post(f"{GRID}{act}", data=fields)
        assert answer.status_code == httpx.codes.FORBIDDEN

    assert_alive(client, tokens)


@pytest.mark.parametrize("password", ["not hers", "", "\x00", "x" * 5000])
def test_91_disabling_takes_the_own_password(
    site: Site, client: Registered, admin: Person, hire: Hire, password: str
) -> None:
    owner = hire()
    tokens = client.tokens(owner)
    page = admin.get(f"{GRID}{user_pk(admin, owner.username)}/info/")
    form = form_for(page, field="access", value="disabled")

    answer = admin.submit(page, form, access="disabled", password=password)

    run_sql(site, "DELETE FROM agent_connector_throttle")
    assert answer.status_code in {200, 400, 403, 422}
    assert_alive(client, tokens)


def test_92_enabling_again_revives_nothing(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    owner = hire()
    tokens = client.tokens(owner)
    code = register(site).code(owner)
    assert code

    for access in ("disabled", "enabled"):
        set_access(admin, owner.username, access)

    assert_dead(client, tokens)


def test_93_only_superusers_enable_superusers(
    site: Site, admin: Person, hire: Hire
) -> None:
    lesser = _connector_administrator(site, hire)
    pk = user_pk(admin, "admin")

    for access in ("disabled", "enabled"):
        fields = {"access": access, "password": "x"}
        answer = _post_by_hand(lesser, f"{GRID}{pk}/access/", **fields)
        assert answer.status_code == httpx.codes.FORBIDDEN

    other = hire(enabled=False)
    set_access(lesser, other.username, "enabled")
    assert _is_enabled(site, other)


def test_93_nobody_enables_themselves_and_disabling_oneself_asks(
    site: Site, hire: Hire
) -> None:
    newcomer, lesser = hire(enabled=False), _connector_administrator(site, hire)
    pk = _pk_of(site, newcomer)

    answer = _post_by_hand(
        newcomer, f"{GRID}{pk}/access/", access="enabled", password="x"
    )
    asked = lesser.get(f"{GRID}{_pk_of(site, lesser)}/info/")

    form = form_for(asked, field="access", value="disabled")
    lesser.submit(asked, form, access="disabled", password="")
    assert answer.status_code == httpx.codes.FORBIDDEN
    assert not _is_enabled(site, newcomer)
    assert "password" in form.fields
    assert _is_enabled(site, lesser)


def _pk_of(site: Site, person: Person) -> int:
    query = "SELECT id FROM auth_user WHERE username = ?"
    [[pk]] = run_sql(site, query, person.username)
    return int(pk)


def _is_enabled(site: Site, person: Person) -> bool:
    where = "user_id = ? AND enabled = ?"
    return bool(count(site, "mcpaccess", where, _pk_of(site, person), True))


def _connector_administrator(site: Site, hire: Hire) -> Person:
    """Return somebody who may manage MCP users without being a superuser."""
    person = hire()
    run_sql(
        site,
        "INSERT INTO auth_user_groups (user_id, group_id)"
        " SELECT u.id, g.id FROM auth_user u JOIN auth_group g"
        " ON g.name = 'Connector administrators' WHERE u.username = ?",
        person.username,
    )
    return person


def test_94_a_selection_that_changed_since_it_was_shown_is_asked_for_again(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    shown, added = hire(), hire()
    tokens = client.tokens(added)
    grid = admin.get(GRID)
    form = form_for(grid, field="action", value="revoke")
    pk, other = str(_pk_of(site, shown)), str(_pk_of(site, added))
    page = admin.submit(grid, form, action="revoke", _selected_action=[pk], index="0")

    confirm = form_for(page, field="confirm", value="yes")
    answer = admin.submit(page, confirm, _selected_action=[pk, other])

    assert "changed" in text_of(answer.text)
    assert post_call(site, tokens.access).status_code == httpx.codes.OK
    again = form_for(answer, field="confirm", value="yes")
    admin.submit(answer, again)
    assert_dead(client, tokens)


def test_94_a_mass_revoke_ends_all_of_those_selected_and_nobody_else(
    site: Site, admin: Person, editor: Person, hire: Hire
) -> None:
    people = [hire(), hire()]
    clients = [register(site) for _ in people]
    pairs = [
        client.tokens(person) for client, person in zip(clients, people, strict=True)
    ]
    bystander = register(site)
    kept = bystander.tokens(editor)

    mass_revoke(admin, *(person.username for person in people))

    for client, pair in zip(clients, pairs, strict=True):
        assert_dead(client, pair)
    assert_alive(bystander, kept)


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


@pytest.mark.parametrize("screen", ["info", "access", "tokens", "revoke"])
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
    others = [f"{GRID}{one}" for one in ("", "export/", f"{pk}/info/", f"{pk}/tokens/")]
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
    address = f"/admin/auth/user/{_pk_of(site, person)}/password/"
    name = "unset-password" if "usable_password" in fields else "set-password"

    answer = _post_by_hand(admin, address, **fields, **{name: "x"})

    assert answer.status_code == httpx.codes.FOUND, text_of(answer.text)
    assert_dead(client, tokens)


@pytest.mark.parametrize("right", ["is_active", "is_staff"])
def test_99_whoever_loses_a_right_on_djangos_own_page_is_cut_at_once(
    site: Site, client: Registered, admin: Person, hire: Hire, right: str
) -> None:
    person = hire()
    tokens = client.tokens(person)
    page = admin.get(f"/admin/auth/user/{_pk_of(site, person)}/change/")
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
        assert _post_by_hand(admin, url, post="yes").status_code == 404
    for url in (f"toolcall/{call}/", f"toolcall/{call}/delete/", "toolcall/"):
        before = count(site, "toolcall")
        answer = _post_by_hand(
            admin, f"{ADMIN}/{url}", outcome="done", action="delete_selected"
        )
        assert answer.status_code in {302, 403, 404, 405}, url
        assert count(site, "toolcall") == before
    assert len(token_rows(admin, owner.username)) == 1
