"""Attacks 14, 19, 22 to 24: programs that are known by a document they published."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.attacks.answers import assert_local_page
from tests.attacks.by_hand import post_by_hand
from tests.attacks.conftest import Hire
from tests.attacks.published import (
    assert_unread,
    document_of,
    grow_stale,
    publish,
    somewhere,
)
from tests.document_host import ADDRESS, HOST, Answer, answer_with, document
from tests.factories import REDIRECT_URI
from tests.http.hand import change_user, count, forget_counts, run_sql
from tests.http.person import Person, text_of
from tests.http.server import Site
from tests.http.wire import Registered, wait_for_a_window
from tests.http.world import World

NEW = "https://client.example/new"
TRIES = 3
"""Fetches of one address of a document in a minute, if they fail."""


def test_14_a_sound_address_connects_its_program(
    site: Site, world: World, editor: Person
) -> None:
    client = publish(site, world)

    page, _ = editor.consent_page(client.authorize_url())
    tokens = client.tokens(editor)

    assert HOST in text_of(page.text)
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK
    assert world.connected == [ADDRESS]


@pytest.mark.parametrize(
    "client_id",
    [
        "http://client.example/client.json",
        "HTTPS://client.example/client.json",
        "Https://client.example/client.json",
        "https://CLIENT.example/client.json",
        "https://user@client.example/client.json",
        "https://user:pass@client.example/client.json",
        "https://client.example/client.json#x",
        "https://client.example/client.json#",
        "https://client.example/./client.json",
        "https://client.example/a/../client.json",
        "https://client.example/a/%2e%2E/client.json",
        "https://client.example",
        "https://client.example/",
        "https://client.example?x=/client.json",
        "https://client.example/" + "x" * 490,
        "https://client.example:8443/client.json",
        "https://client.example:443/client.json",
        "https://127.0.0.1/client.json",
        "https://[::1]/client.json",
        "https://2130706433/client.json",
        "https://0x7f.1/client.json",
        "https://localhost/client.json",
        "https://client.example./client.json",
        "https://client.example\\@evil.example/client.json",
        "https://client.example/\r\nX: y",
        " https://client.example/client.json",
        "//client.example/client.json",
        "file:///etc/passwd",
    ],
    ids=lambda client_id: ascii(client_id)[:50],
)
def test_14_an_address_that_can_be_no_document_is_an_unknown_program(
    site: Site, world: World, editor: Person, client_id: str
) -> None:
    url = Registered(site=site, client_id=client_id, name="Odd").authorize_url()

    with Person(site.url) as stranger:
        for person in (stranger, editor):
            answer = person.browser.get(url)
            assert_local_page(answer)
            assert "could not be read" not in text_of(answer.text)

    assert world.asked == []
    assert world.connected == []


Broken = Callable[[Registered], Answer]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(
            lambda one: answer_with(
                document(client_id=one.client_id), Content_Type="text/html"
            ),
            id="another content type",
        ),
        pytest.param(lambda _: answer_with([]), id="an array"),
        pytest.param(lambda _: answer_with(b"{"), id="no JSON"),
        pytest.param(lambda _: answer_with(b'{"a": "\xff"}'), id="no UTF-8"),
        pytest.param(lambda _: answer_with(b"[" * 9000), id="deep"),
        pytest.param(lambda _: answer_with(document()), id="another client_id"),
        pytest.param(
            lambda one: document_of(one, client_secret="x"), id="client_secret"
        ),
        pytest.param(
            lambda one: document_of(
                one, token_endpoint_auth_method="client_secret_post"
            ),
            id="another method",
        ),
        pytest.param(
            lambda one: document_of(one, redirect_uris=["http://evil.example/cb"]),
            id="no usable address",
        ),
        pytest.param(lambda one: document_of(one, client_name=None), id="no name"),
        pytest.param(lambda _: answer_with(status="404 Not Found"), id="404"),
    ],
)
def test_19_what_does_not_hold_is_a_page_and_soon_left_alone_in_all_workers(
    site: Site, world: World, editor: Person, broken: Broken
) -> None:
    client = somewhere(site)
    world.host.answer = broken(client)
    before = count(site, "client")
    wait_for_a_window(60, left=10)

    for _ in range(2 * TRIES):
        assert_unread(editor.browser.get(client.authorize_url()))

    assert len(world.host.requests) == TRIES
    assert count(site, "client") == before
    forget_counts(site)  # as the next minute does
    world.host.answer = document_of(client)
    assert editor.browser.get(client.authorize_url()).status_code == httpx.codes.OK


def test_22_a_changed_document_counts_from_then_on_and_connections_go_on(
    site: Site, world: World, editor: Person
) -> None:
    client = publish(site, world)
    tokens = client.tokens(editor)
    where = "kind = 'client_changed' AND detail LIKE ?"
    about = f"%{client.client_id}%{REDIRECT_URI}%{NEW}%"
    world.host.answer = document_of(client, redirect_uris=[NEW])

    to_new = client.authorize_url(redirect_uri=NEW)
    assert_local_page(editor.browser.get(to_new))  # fresh: not asked for
    grow_stale(site, client)

    assert editor.browser.get(to_new).status_code == httpx.codes.OK
    assert_local_page(editor.browser.get(client.authorize_url()))
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK
    assert count(site, "event", where, about) == 1
    assert len(world.host.requests) == 2


def test_23_who_has_not_signed_in_makes_the_server_fetch_nothing(
    site: Site, world: World, editor: Person
) -> None:
    known = publish(site, world)
    known.tokens(editor)
    grow_stale(site, known)
    world.begin({HOST: [[ADDRESS]]})

    with Person(site.url) as stranger:
        for client in (known, somewhere(site)):
            answer = stranger.browser.get(client.authorize_url(redirect_uri=NEW))
            assert answer.status_code == httpx.codes.FOUND
            assert answer.headers["Location"].startswith("/admin/login/?next=")

    assert world.asked == []


def test_23_nor_does_who_may_not_connect(site: Site, world: World, hire: Hire) -> None:
    disabled, outsider = hire(enabled=False), hire()
    change_user(site, outsider.username, "is_staff", to=False)
    before = count(site, "client")

    for person in (disabled, outsider):
        answer = person.browser.get(somewhere(site).authorize_url())
        assert answer.status_code == httpx.codes.FORBIDDEN
    assert world.asked == []
    assert count(site, "client") == before


def test_24_a_blocked_program_is_refused_before_any_fetch(
    site: Site, world: World, admin: Person, editor: Person
) -> None:
    client = publish(site, world)
    tokens = client.tokens(editor)
    query = "SELECT id FROM agent_connector_client WHERE client_id = ?"
    [[pk]] = run_sql(site, query, client.client_id)
    address = f"/admin/agent_connector/client/{pk}/block/"

    blocked = post_by_hand(admin, address, confirm="yes")
    grow_stale(site, client)
    world.begin({HOST: [[ADDRESS]]})

    assert blocked.is_redirect
    with Person(site.url) as stranger:
        for person in (stranger, editor):
            assert_local_page(person.browser.get(client.authorize_url()))
    assert world.asked == []
    assert client.refresh(tokens.refresh).status_code in {400, 401}
