"""How the settings of the record and of the mails show there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import httpx

from tests.http.admin_pages import (
    GRID,
    allow_personal_tokens,
    make_personal_token,
    personal_token_on,
    user_pk,
)
from tests.http.command import mails_of, run_command
from tests.http.effects import Effect, Look, Sight, connected, fresh, seen
from tests.http.hand import change_connection, count, from_now, run_sql
from tests.http.person import Person, form_for, text_of
from tests.http.server import Site
from tests.http.settings_page import save
from tests.http.wire import post_call, register, worker_of

CALLS = "/admin/agent_connector/toolcall/"
_CALL_LINK = re.compile(rf"{CALLS}\d+/")
_numbers = itertools.count(1)

Act = Callable[[Site, Person, Person], httpx.Response]


def _arguments(site: Site, admin: Person, editor: Person) -> Look:
    """Look whether the page of a call tells what was said in it."""
    access = connected(site, editor).access

    def look() -> Sight:
        said = f"Said {next(_numbers):04}"
        call = post_call(site, access, "search_records", model=PRODUCT, search=said)
        with fresh(admin, site) as colleague:
            newest = _CALL_LINK.search(colleague.get(CALLS).text)
            assert newest is not None
            page = colleague.get(newest[0])
        assert "search_records" in text_of(page.text)
        is_kept = said in text_of(page.text)
        return seen(worker_of(call), worker_of(page), is_changed=not is_kept)

    return look


def _retention(site: Site, admin: Person, editor: Person) -> Look:
    """Look whether a call of 40 days ago is listed once old ones have been removed."""
    access = connected(site, editor).access

    def look() -> Sight:
        sought = str(40_000_000 + next(_numbers))
        post_call(site, access, "get_record", model=PRODUCT, id=sought)
        with fresh(admin, site) as colleague:
            listed = colleague.get(f"{CALLS}?q={sought}")
        assert _CALL_LINK.search(listed.text)
        run_sql(
            site,
            "UPDATE agent_connector_toolcall SET at = ? WHERE object_id = ?",
            from_now(days=-40),
            sought,
        )
        process = run_command(site, "prune")
        with fresh(admin, site) as colleague:
            page = colleague.get(f"{CALLS}?q={sought}")
        is_gone = not _CALL_LINK.search(page.text)
        return seen(process, worker_of(page), is_changed=is_gone)

    return look


def _expiring(site: Site, admin: Person, editor: Person) -> Look:
    """Look whether the owner of a token that ends in three days is mailed about it."""
    allow_personal_tokens(admin)
    run_command(site, "send-notices")  # what waits already

    def look() -> Sight:
        label = f"Script {next(_numbers):04}"
        token = personal_token_on(make_personal_token(editor, label=label))
        site.secrets.append(token)
        change_connection(site, token, "created_at", from_now(days=-30))
        change_connection(site, token, "expires_at", from_now(days=3))
        # As if the last mail were long ago: there is one in ten minutes.
        before = from_now(minutes=-1)
        run_sql(site, "UPDATE agent_connector_mailbox SET next_at = ?", before)
        process = run_command(site, "send-notices")
        told = f"Personal access token about to expire\n  Client: {label}\n"
        return seen(process, is_changed=told not in mails_of(site))

    return look


def _told(kind: str, act: Act, *, changed: str) -> Callable[..., Look]:
    """Look who is to be mailed about an act; `changed` is whom the change leaves."""

    def begin(site: Site, admin: Person, editor: Person) -> Look:
        save(admin, refresh_grace="0")

        def look() -> Sight:
            [[last]] = run_sql(site, "SELECT MAX(id) FROM agent_connector_event")
            worker = worker_of(act(site, admin, editor))
            where = "id > ? AND kind = ? AND audience = ?"
            told = {
                audience
                for audience in ("", "user", "admin")
                if count(site, "event", where, last, kind, audience)
            }
            assert len(told) == 1
            return seen(worker, is_changed=told == {changed})

        return look

    return begin


def _connect(site: Site, admin: Person, editor: Person) -> httpx.Response:
    del admin
    program = register(site, "Told")
    with fresh(editor, site) as person:
        page, form = person.consent_page(program.authorize_url())
        return person.post(page, form, level="read", decision="allow")


def _use_twice(site: Site, admin: Person, editor: Person) -> httpx.Response:
    del admin
    program = register(site, "Told")
    tokens = program.tokens(editor)
    program.refresh(tokens.refresh)
    return program.refresh(tokens.refresh)


def _revoke(site: Site, admin: Person, editor: Person) -> httpx.Response:
    register(site, "Told").tokens(editor)
    with fresh(admin, site) as colleague:
        page = colleague.get(f"{GRID}{user_pk(colleague, editor.username)}/revoke/")
        return colleague.post(page, form_for(page, field="confirm", value="yes"))


PRODUCT = "shop.product"
WITHOUT_GRACE = {"refresh_grace": "0"}

EFFECTS_ON_RECORD: dict[str, Effect] = {
    "store_arguments": Effect(changes={"store_arguments": None}, begin=_arguments),
    "tool_call_retention": Effect(
        changes={"tool_call_retention": "30"}, begin=_retention
    ),
    "notify_expiring_token": Effect(
        changes={"notify_expiring_token": None, "personal_access_tokens": "on"},
        begin=_expiring,
    ),
    "notify_new_connection": Effect(
        changes={"notify_new_connection": None},
        begin=_told("connection_opened", _connect, changed=""),
    ),
    "notify_reuse_alarm": Effect(
        changes={"notify_reuse_alarm": None, **WITHOUT_GRACE},
        begin=_told("refresh_reused", _use_twice, changed=""),
    ),
    "notify_revoked_by_others": Effect(
        changes={"notify_revoked_by_others": None},
        begin=_told("connection_revoked", _revoke, changed=""),
    ),
    "notify_administrators": Effect(
        changes={"notify_administrators": "on"},
        begin=_told("connection_opened", _connect, changed="admin"),
    ),
}
