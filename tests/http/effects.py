"""How each setting of the page shows in what a client or a person is answered."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from panel.agent.forms import form_with
from tests.factories import REDIRECT_URI
from tests.http.admin_pages import (
    MAKE_TOKEN,
    allow_personal_tokens,
    make_personal_token,
    personal_token_on,
)
from tests.http.hand import count, run_sql
from tests.http.person import Person, form_for, text_of
from tests.http.seed import PASSWORD
from tests.http.sending import send
from tests.http.server import Site
from tests.http.wire import (
    Tokens,
    from_afar,
    post_call,
    register,
    wait_for_a_window,
    worker_of,
)

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen, and which processes had a part in showing it."""

    processes: frozenset[str]
    is_changed: bool


Look = Callable[[], Sight]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A change of the page, and how to look whether it counts."""

    changes: Mapping[str, str | None]
    begin: Callable[[Site, Person, Person], Look]
    """Called before the change with site, administrator and editor."""


def seen(*processes: str, is_changed: bool) -> Sight:
    return Sight(frozenset(processes), is_changed)


def connected(site: Site, editor: Person) -> Tokens:
    return register(site, "Effects").tokens(editor)


def _answer(call: Callable[[], httpx.Response], test: Callable[[Any], bool]) -> Look:
    def look() -> Sight:
        answer = call()
        return seen(worker_of(answer), is_changed=test(answer))

    return look


def _status(code: int) -> Callable[[httpx.Response], bool]:
    return lambda answer: answer.status_code == code


def _of_call(test: Callable[[Any], bool]) -> Callable[[Site, Person, Person], Look]:
    """Look at the answer to a tool call of one connection."""

    def begin(site: Site, admin: Person, editor: Person) -> Look:
        del admin
        access = connected(site, editor).access
        return _answer(lambda: post_call(site, access), test)

    return begin


def _pace(site: Site, admin: Person, editor: Person) -> Look:
    del admin
    access = connected(site, editor).access
    wait_for_a_window(60, left=8)
    return _answer(
        lambda: post_call(site, access), lambda one: "too_many_calls" in one.text
    )


def _suspension(site: Site, admin: Person, editor: Person) -> Look:
    """Look whether the second refused call of a connection was its last."""
    del admin

    def look() -> Sight:
        access = connected(site, editor).access
        post_call(site, access, "nothing_like_it")
        second = post_call(site, access, "nothing_like_it")
        after = post_call(site, access)
        return seen(
            worker_of(second), is_changed=after.status_code == httpx.codes.FORBIDDEN
        )

    return look


@contextmanager
def fresh(person: Person, site: Site) -> Iterator[Person]:
    """Open another browser: one that stays open stays with its worker."""
    with Person(site.url) as same:
        yield same.sign_in(person.username)


def _new_connection(
    column: str, test: Callable[[timedelta], bool], *, of: str = "connection"
) -> Callable[[Site, Person, Person], Look]:
    """Look at how long what a fresh consent makes is going to live."""

    def begin(site: Site, admin: Person, editor: Person) -> Look:
        del admin
        program = register(site, "Effects")

        def look() -> Sight:
            with fresh(editor, site) as person:
                page, form = person.consent_page(program.authorize_url())
                answer = person.post(page, form, level="read", decision="allow")
            [[created, ends]] = run_sql(
                site,
                f"SELECT c.created_at, {of[0]}.{column}"  # noqa: S608  # own names
                " FROM agent_connector_connection c JOIN"
                " agent_connector_authorizationcode a ON a.connection_id = c.id"
                " ORDER BY c.id DESC LIMIT 1",
            )
            span = _moment(ends) - _moment(created)
            return seen(worker_of(answer), is_changed=test(span))

        return look

    return begin


def _moment(stored: Any) -> datetime:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored


def _is(**span: float) -> Callable[[timedelta], bool]:
    return lambda found: found == timedelta(**span)


def _next_token(site: Site, admin: Person, editor: Person) -> Look:
    del admin
    program = register(site, "Effects")

    def look() -> Sight:
        answer = program.exchange(program.code(editor))
        return seen(worker_of(answer), is_changed=answer.json()["expires_in"] == 120)

    return look


def _second_refresh(site: Site, admin: Person, editor: Person) -> Look:
    del admin
    program = register(site, "Effects")

    def look() -> Sight:
        tokens = program.tokens(editor)
        program.refresh(tokens.refresh)
        answer = program.refresh(tokens.refresh)
        return seen(
            worker_of(answer), is_changed=answer.status_code == httpx.codes.BAD_REQUEST
        )

    return look


def _registration(site: Site, admin: Person, editor: Person) -> Look:
    del admin, editor
    metadata = {"client_name": "Effects", "redirect_uris": [REDIRECT_URI]}

    def ask() -> httpx.Response:
        url = f"{site.url}/mcp/oauth/register"
        return send("POST", url, json=metadata, headers=from_afar())

    return _answer(ask, _status(httpx.codes.FORBIDDEN))


def _documents(site: Site, admin: Person, editor: Person) -> Look:
    """Begin with what a successful test fetch leaves behind; the page ends it."""
    del editor
    admin.get("/admin/agent_connector/connectorsettings/")
    run_sql(
        site,
        "UPDATE agent_connector_connectorsettings SET client_id_metadata_documents = ?",
        1 if site.database_url.startswith("sqlite") else "true",
    )
    url = f"{site.url}/.well-known/oauth-authorization-server"
    name = "client_id_metadata_document_supported"
    return _answer(lambda: send("GET", url), lambda one: not one.json().get(name))


def _personal(site: Site, admin: Person, editor: Person) -> Look:
    """Begin with a token made while the site allowed it; then it does not."""
    allow_personal_tokens(admin)
    token = personal_token_on(make_personal_token(editor))
    site.secrets.append(token)
    return _answer(lambda: post_call(site, token), _status(httpx.codes.UNAUTHORIZED))


def _longest_personal(site: Site, admin: Person, editor: Person) -> Look:
    allow_personal_tokens(admin)

    def look() -> Sight:
        with fresh(editor, site) as person:
            page = person.get(MAKE_TOKEN)
        return seen(worker_of(page), is_changed="7 days" not in text_of(page.text))

    return look


def _new_staff(site: Site, admin: Person, editor: Person) -> Look:
    del editor

    def look() -> Sight:
        name = f"hired{next(_numbers)}"
        with fresh(admin, site) as colleague:
            worker = _hire(colleague, name)
        enabled = count(
            site,
            "mcpaccess",
            "enabled AND user_id = (SELECT id FROM auth_user WHERE username = ?)",
            name,
        )
        return seen(worker, is_changed=enabled == 1)

    return look


def _hire(admin: Person, name: str) -> str:
    """Add a user, make them staff on the second page; return who answered that."""
    page = admin.get("/admin/auth/user/add/")
    form = form_with(page.text, "username", "password1")
    assert form is not None
    filled = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
    added = admin.submit(page, form, **filled)
    form = form_for(added, field="username", value=name)
    answer = admin.post(added, form, is_staff="on")
    assert answer.status_code == httpx.codes.FOUND, text_of(answer.text)
    return worker_of(answer)


def _level(answer: httpx.Response) -> str:
    told = answer.json()["result"]["structuredContent"]
    return str(told["connection"]["level"])


EFFECTS: dict[str, Effect] = {
    "mcp_server_enabled": Effect(
        changes={"mcp_server_enabled": None},
        begin=_of_call(_status(httpx.codes.SERVICE_UNAVAILABLE)),
    ),
    "agents_may_change_data": Effect(
        changes={"agents_may_change_data": None},
        begin=_of_call(lambda answer: _level(answer) == "read"),
    ),
    "allowed_addresses": Effect(
        changes={"allowed_addresses": "192.0.2.0/24", "seen_lockout": "192.0.2.0/24"},
        begin=_of_call(_status(httpx.codes.FORBIDDEN)),
    ),
    "calls_per_minute": Effect(changes={"calls_per_minute": "1"}, begin=_pace),
    "refused_calls_to_suspend": Effect(
        changes={"refused_calls_to_suspend": "2"}, begin=_suspension
    ),
    "access_token_lifetime": Effect(
        changes={"access_token_lifetime": "120"}, begin=_next_token
    ),
    "refresh_token_lifetime": Effect(
        changes={"refresh_token_lifetime": "7200"},
        begin=_new_connection("expires_at", _is(seconds=7200)),
    ),
    "connection_lifetime": Effect(
        changes={"connection_lifetime": "40"},
        begin=_new_connection("absolute_expires_at", _is(days=40)),
    ),
    "authorization_code_lifetime": Effect(
        changes={"authorization_code_lifetime": "17"},
        begin=_new_connection("expires_at", _is(seconds=17), of="authorization code"),
    ),
    "refresh_grace": Effect(changes={"refresh_grace": "0"}, begin=_second_refresh),
    "dynamic_client_registration": Effect(
        changes={"dynamic_client_registration": None}, begin=_registration
    ),
    "personal_access_tokens": Effect(
        changes={"personal_access_tokens": None}, begin=_personal
    ),
    "personal_access_token_lifetime": Effect(
        changes={"personal_access_token_lifetime": "3", "personal_access_tokens": "on"},
        begin=_longest_personal,
    ),
    "client_id_metadata_documents": Effect(
        changes={"client_id_metadata_documents": None}, begin=_documents
    ),
    "new_staff_enabled": Effect(changes={"new_staff_enabled": "on"}, begin=_new_staff),
}
