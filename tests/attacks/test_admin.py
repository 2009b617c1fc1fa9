"""Attacks 89 to 94: the administrator's pages in the wrong hands."""

from __future__ import annotations

import uuid

import httpx
import pytest

from tests.attacks.answers import assert_alive, assert_dead
from tests.attacks.by_hand import pk_of, post_by_hand
from tests.attacks.conftest import Hire
from tests.http.admin_pages import (
    GRID,
    mass_revoke,
    set_access,
    user_pk,
)
from tests.http.hand import connection_of, count, run_sql
from tests.http.person import Person, form_for, text_of
from tests.http.server import Site
from tests.http.wire import Registered, post_call, register

ACCESS = {"access": "disabled", "password": "x", "confirm": "yes"}
ADMIN = "/admin/agent_connector"


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
    direct = post_by_hand(
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
        answer = post_by_hand(editor, url, **fields)
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
        answer = post_by_hand(lesser, f"{GRID}{pk}/access/", **fields)
        assert answer.status_code == httpx.codes.FORBIDDEN

    other = hire(enabled=False)
    set_access(lesser, other.username, "enabled")
    assert _is_enabled(site, other)


def test_93_nobody_enables_themselves_and_disabling_oneself_asks(
    site: Site, hire: Hire
) -> None:
    newcomer, lesser = hire(enabled=False), _connector_administrator(site, hire)
    pk = pk_of(site, newcomer)

    answer = post_by_hand(
        newcomer, f"{GRID}{pk}/access/", access="enabled", password="x"
    )
    asked = lesser.get(f"{GRID}{pk_of(site, lesser)}/info/")

    form = form_for(asked, field="access", value="disabled")
    lesser.submit(asked, form, access="disabled", password="")
    assert answer.status_code == httpx.codes.FORBIDDEN
    assert not _is_enabled(site, newcomer)
    assert "password" in form.fields
    assert _is_enabled(site, lesser)


def _is_enabled(site: Site, person: Person) -> bool:
    where = "user_id = ? AND enabled = ?"
    return bool(count(site, "mcpaccess", where, pk_of(site, person), True))


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
    pk, other = str(pk_of(site, shown)), str(pk_of(site, added))
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
