"""Attacks 14 to 24: programs that are known by a document they published."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.attacks.answers import assert_local_page
from tests.attacks.by_hand import post_by_hand
from tests.attacks.conftest import Hire
from tests.document_host import ADDRESS, HOST, Answer, answer_with, document
from tests.factories import REDIRECT_URI
from tests.http.hand import change_user, count, forget_counts, from_now, run_sql
from tests.http.person import Person, text_of
from tests.http.server import Site
from tests.http.wire import Registered, all_at_once, register, wait_for_a_window
from tests.http.world import SECONDS, World
from tests.unit.oauth.test_public_address import FORBIDDEN

NEW = "https://client.example/new"
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
AT_ONCE, TRIES = 4, 3
"""Fetches of all workers together, and of one address of a document in a minute."""

_numbers = itertools.count(1)


def _of(site: Site, client_id: str) -> Registered:
    return Registered(site=site, client_id=client_id, name="Claude Code")


def _somewhere(site: Site, host: str = HOST) -> Registered:
    """Return a program whose document was never asked for."""
    return _of(site, f"https://{host}/{next(_numbers)}/client.json")


def _publish(site: Site, world: World, **changes: Any) -> Registered:
    client = _somewhere(site)
    world.host.answer = _document_of(client, **changes)
    return client


def _document_of(client: Registered, **changes: Any) -> Answer:
    return answer_with(document(**{"client_id": client.client_id, **changes}))


def _assert_unread(answer: httpx.Response) -> None:
    assert_local_page(answer)
    assert "could not be read" in text_of(answer.text)


def _grow_stale(site: Site, client: Registered) -> None:
    run_sql(
        site,
        "UPDATE agent_connector_client SET document_expires_at = ? WHERE client_id = ?",
        *(from_now(seconds=-1), client.client_id),
    )


def test_14_a_sound_address_connects_its_program(
    site: Site, world: World, editor: Person
) -> None:
    client = _publish(site, world)

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
    url = _of(site, client_id).authorize_url()

    with Person(site.url) as stranger:
        for person in (stranger, editor):
            answer = person.browser.get(url)
            assert_local_page(answer)
            assert "could not be read" not in text_of(answer.text)

    assert world.asked == []
    assert world.connected == []


@pytest.mark.parametrize("beside", [[], [ADDRESS]], ids=["alone", "beside a public"])
def test_15_no_address_that_is_not_public_is_connected_to(
    site: Site, world: World, editor: Person, beside: list[str]
) -> None:
    names = [f"host{number}.example" for number in range(len(FORBIDDEN))]
    world.lead(
        {
            name: [[*beside, address]]
            for name, address in zip(names, FORBIDDEN, strict=True)
        }
    )

    for name in names:
        _assert_unread(editor.browser.get(_somewhere(site, name).authorize_url()))

    assert world.asked == names
    assert world.connected == []


def test_16_a_name_that_leads_elsewhere_after_the_check_is_not_asked_again(
    site: Site, world: World, editor: Person
) -> None:
    client = _publish(site, world)
    world.lead({HOST: [[ADDRESS], ["127.0.0.1"]]})

    client.tokens(editor)

    assert world.asked == [HOST]
    assert world.connected == [ADDRESS]
    _grow_stale(site, client)
    _assert_unread(editor.browser.get(client.authorize_url()))
    assert world.connected == [ADDRESS]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_17_a_redirect_is_not_followed(
    site: Site, world: World, editor: Person, listener: socket.socket, status: int
) -> None:
    place = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    for target in ("/moved", f"https://{HOST}/moved", place):
        client = _somewhere(site)
        sound = _document_of(client)
        moved = answer_with(b"", status=f"{status} Moved", Location=target)
        world.host.answer = _by_path(world, {"/moved": sound}, otherwise=moved)

        _assert_unread(editor.browser.get(client.authorize_url()))

    assert len(world.connected) == len(world.host.requests) == 3
    with pytest.raises(TimeoutError):
        listener.accept()


def _by_path(world: World, answers: dict[str, Answer], *, otherwise: Answer) -> Answer:
    """Answer the request that came last by its path."""

    def answer(peer: socket.socket) -> None:
        path = world.host.requests[-1].split(" ")[1]
        answers.get(path, otherwise)(peer)

    return answer


def _endless(first: bytes, then: bytes, *, pause: float = 0.0) -> Answer:
    def send(peer: socket.socket) -> None:
        peer.sendall(first)
        until = time.monotonic() + 5 * SECONDS
        while time.monotonic() < until:
            peer.sendall(then)
            time.sleep(pause)

    return send


def _time_of_refusal(site: Site, person: Person) -> float:
    began = time.monotonic()
    _assert_unread(person.browser.get(_somewhere(site).authorize_url()))
    return time.monotonic() - began


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_endless(b"", b"H", pause=0.1), id="status line"),
        pytest.param(_endless(JSON_HEAD, b"X: y\r\n", pause=0.1), id="headers"),
        pytest.param(_endless(JSON_HEAD + b"\r\n", b" ", pause=0.1), id="body"),
        pytest.param(_endless(b"", b"", pause=0.1), id="nothing at all"),
    ],
)
def test_18_what_drips_is_left_at_the_deadline(
    site: Site, world: World, editor: Person, answer: Answer
) -> None:
    world.host.answer = answer

    assert SECONDS <= _time_of_refusal(site, editor) < 2 * SECONDS
    assert len(world.host.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_endless(JSON_HEAD + b"\r\n", b" " * 1000), id="body"),
        pytest.param(_endless(JSON_HEAD + b"X: ", b"y" * 1000), id="header"),
        pytest.param(
            _endless(JSON_HEAD + b"Content-Length: 1073741824\r\n\r\n", b" " * 1000),
            id="1 GB declared",
        ),
        pytest.param(
            answer_with(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"),
            id="gzip bomb",
        ),
    ],
)
def test_18_what_has_no_end_is_left_at_its_size(
    site: Site, world: World, editor: Person, answer: Answer
) -> None:
    world.host.answer = answer

    assert _time_of_refusal(site, editor) < SECONDS
    assert len(world.host.requests) == 1


@pytest.mark.parametrize(("size", "status"), [(10_240, 200), (10_241, 400)])
def test_18_the_size_of_a_document_counts_to_the_byte(
    site: Site, world: World, editor: Person, size: int, status: int
) -> None:
    client = _somewhere(site)
    sound = json.dumps(document(client_id=client.client_id)).encode()
    world.host.answer = answer_with(sound.ljust(size))

    assert editor.browser.get(client.authorize_url()).status_code == status


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
            lambda one: _document_of(one, client_secret="x"), id="client_secret"
        ),
        pytest.param(
            lambda one: _document_of(
                one, token_endpoint_auth_method="client_secret_post"
            ),
            id="another method",
        ),
        pytest.param(
            lambda one: _document_of(one, redirect_uris=["http://evil.example/cb"]),
            id="no usable address",
        ),
        pytest.param(lambda one: _document_of(one, client_name=None), id="no name"),
        pytest.param(lambda _: answer_with(status="404 Not Found"), id="404"),
    ],
)
def test_19_what_does_not_hold_is_a_page_and_soon_left_alone_in_all_workers(
    site: Site, world: World, editor: Person, broken: Broken
) -> None:
    client = _somewhere(site)
    world.host.answer = broken(client)
    before = count(site, "client")
    wait_for_a_window(60, left=10)

    for _ in range(2 * TRIES):
        _assert_unread(editor.browser.get(client.authorize_url()))

    assert len(world.host.requests) == TRIES
    assert count(site, "client") == before
    forget_counts(site)  # as the next minute does
    world.host.answer = _document_of(client)
    assert editor.browser.get(client.authorize_url()).status_code == httpx.codes.OK


def test_20_nothing_is_told_of_what_answers_inside(
    site: Site, world: World, editor: Person, listener: socket.socket
) -> None:
    del listener  # something that listens at 127.0.0.1, and nothing at 127.0.0.2
    zone: dict[str, list[list[str]]] = {
        "there.example": [["127.0.0.1"]],
        "nothing.example": [["127.0.0.2"]],
        "metadata.example": [["169.254.169.254"]],
        "nowhere.example": [[]],
        "impostor.example": [[ADDRESS]],  # with a certificate of somebody else
    }
    world.lead(zone)
    texts, took = set(), []

    for name in zone:
        began = time.monotonic()
        answer = editor.browser.get(_somewhere(site, name).authorize_url())
        took.append(time.monotonic() - began)
        _assert_unread(answer)
        texts.add(text_of(answer.text))

    assert len(texts) == 1
    assert max(took) < SECONDS
    assert world.connected == [ADDRESS]


def test_21_of_a_flood_of_addresses_a_few_are_fetched_and_the_others_refused_at_once(
    site: Site, world: World, editor: Person
) -> None:
    world.host.answer = _endless(b"", b"", pause=0.1)
    known = register(site)
    wait_for_a_window(10, left=6)

    def ask(client: Registered) -> Callable[[], tuple[httpx.Response, float]]:
        def act() -> tuple[httpx.Response, float]:
            began = time.monotonic()
            with Person(site.url) as person:
                person.browser.cookies = editor.browser.cookies
                answer = person.browser.get(client.authorize_url())
            return answer, time.monotonic() - began

        return act

    flood = [ask(_somewhere(site)) for _ in range(12)]
    *answers, (page, _) = all_at_once(*flood, ask(known))

    for answer, _ in answers:
        _assert_unread(answer)
    assert len(world.connected) == AT_ONCE
    waited = [took for _, took in answers if took >= SECONDS]
    assert len(waited) == AT_ONCE
    assert page.status_code == httpx.codes.OK


def test_22_a_changed_document_counts_from_then_on_and_connections_go_on(
    site: Site, world: World, editor: Person
) -> None:
    client = _publish(site, world)
    tokens = client.tokens(editor)
    where = "kind = 'client_changed' AND detail LIKE ?"
    about = f"%{client.client_id}%{REDIRECT_URI}%{NEW}%"
    world.host.answer = _document_of(client, redirect_uris=[NEW])

    to_new = client.authorize_url(redirect_uri=NEW)
    assert_local_page(editor.browser.get(to_new))  # fresh: not asked for
    _grow_stale(site, client)

    assert editor.browser.get(to_new).status_code == httpx.codes.OK
    assert_local_page(editor.browser.get(client.authorize_url()))
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK
    assert count(site, "event", where, about) == 1
    assert len(world.host.requests) == 2


def test_23_who_has_not_signed_in_makes_the_server_fetch_nothing(
    site: Site, world: World, editor: Person
) -> None:
    known = _publish(site, world)
    known.tokens(editor)
    _grow_stale(site, known)
    world.begin({HOST: [[ADDRESS]]})

    with Person(site.url) as stranger:
        for client in (known, _somewhere(site)):
            answer = stranger.browser.get(client.authorize_url(redirect_uri=NEW))
            assert answer.status_code == httpx.codes.FOUND
            assert answer.headers["Location"].startswith("/admin/login/?next=")

    assert world.asked == []


def test_23_nor_does_who_may_not_connect(site: Site, world: World, hire: Hire) -> None:
    disabled, outsider = hire(enabled=False), hire()
    change_user(site, outsider.username, "is_staff", to=False)
    before = count(site, "client")

    for person in (disabled, outsider):
        answer = person.browser.get(_somewhere(site).authorize_url())
        assert answer.status_code == httpx.codes.FORBIDDEN
    assert world.asked == []
    assert count(site, "client") == before


def test_24_a_blocked_program_is_refused_before_any_fetch(
    site: Site, world: World, admin: Person, editor: Person
) -> None:
    client = _publish(site, world)
    tokens = client.tokens(editor)
    query = "SELECT id FROM agent_connector_client WHERE client_id = ?"
    [[pk]] = run_sql(site, query, client.client_id)
    address = f"/admin/agent_connector/client/{pk}/block/"

    blocked = post_by_hand(admin, address, confirm="yes")
    _grow_stale(site, client)
    world.begin({HOST: [[ADDRESS]]})

    assert blocked.is_redirect
    with Person(site.url) as stranger:
        for person in (stranger, editor):
            assert_local_page(person.browser.get(client.authorize_url()))
    assert world.asked == []
    assert client.refresh(tokens.refresh).status_code in {400, 401}
