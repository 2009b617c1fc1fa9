"""Attacks 15 to 18, 20 and 21: where the server is sent to fetch a document."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import time
from collections.abc import Callable

import httpx
import pytest

from tests.attacks.published import (
    assert_unread,
    document_of,
    endless,
    grow_stale,
    publish,
    somewhere,
)
from tests.document_host import ADDRESS, HOST, Answer, answer_with, document
from tests.http.hand import run_sql
from tests.http.person import Person, text_of
from tests.http.server import Site
from tests.http.wire import Registered, all_at_once, register, wait_for_a_window
from tests.http.world import SECONDS, World
from tests.unit.oauth.test_public_address import FORBIDDEN

JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
AT_ONCE = 4
"""Fetches of all workers together."""
FLOOD = 12


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
        run_sql(site, "DELETE FROM agent_connector_throttle")  # one asks twenty an hour
        assert_unread(editor.browser.get(somewhere(site, name).authorize_url()))

    assert world.asked == names
    assert world.connected == []


def test_16_a_name_that_leads_elsewhere_after_the_check_is_not_asked_again(
    site: Site, world: World, editor: Person
) -> None:
    client = publish(site, world)
    world.lead({HOST: [[ADDRESS], ["127.0.0.1"]]})

    client.tokens(editor)

    assert world.asked == [HOST]
    assert world.connected == [ADDRESS]
    grow_stale(site, client)
    assert_unread(editor.browser.get(client.authorize_url()))
    assert world.connected == [ADDRESS]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_17_a_redirect_is_not_followed(
    site: Site, world: World, editor: Person, listener: socket.socket, status: int
) -> None:
    place = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    for target in ("/moved", f"https://{HOST}/moved", place):
        client = somewhere(site)
        sound = document_of(client)
        moved = answer_with(b"", status=f"{status} Moved", Location=target)
        world.host.answer = _by_path(world, {"/moved": sound}, otherwise=moved)

        assert_unread(editor.browser.get(client.authorize_url()))

    assert len(world.connected) == len(world.host.requests) == 3
    with pytest.raises(TimeoutError):
        listener.accept()


def _by_path(world: World, answers: dict[str, Answer], *, otherwise: Answer) -> Answer:
    """Answer the request that came last by its path."""

    def answer(peer: socket.socket) -> None:
        path = world.host.requests[-1].split(" ")[1]
        answers.get(path, otherwise)(peer)

    return answer


def _time_of_refusal(site: Site, person: Person) -> float:
    began = time.monotonic()
    assert_unread(person.browser.get(somewhere(site).authorize_url()))
    return time.monotonic() - began


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(endless(b"", b"H", pause=0.1), id="status line"),
        pytest.param(endless(JSON_HEAD, b"X: y\r\n", pause=0.1), id="headers"),
        pytest.param(endless(JSON_HEAD + b"\r\n", b" ", pause=0.1), id="body"),
        pytest.param(endless(b"", b"", pause=0.1), id="nothing at all"),
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
        pytest.param(endless(JSON_HEAD + b"\r\n", b" " * 1000), id="body"),
        pytest.param(endless(JSON_HEAD + b"X: ", b"y" * 1000), id="header"),
        pytest.param(
            endless(JSON_HEAD + b"Content-Length: 1073741824\r\n\r\n", b" " * 1000),
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
    client = somewhere(site)
    sound = json.dumps(document(client_id=client.client_id)).encode()
    world.host.answer = answer_with(sound.ljust(size))

    assert editor.browser.get(client.authorize_url()).status_code == status


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
        answer = editor.browser.get(somewhere(site, name).authorize_url())
        took.append(time.monotonic() - began)
        assert_unread(answer)
        texts.add(text_of(answer.text))

    assert len(texts) == 1
    assert max(took) < SECONDS
    assert world.connected == [ADDRESS]


def test_21_of_a_flood_of_addresses_a_few_are_fetched_and_the_others_refused_at_once(
    site: Site, world: World, editor: Person
) -> None:
    known = register(site)
    running: list[int] = []
    most: list[int] = []

    def hold(peer: socket.socket) -> None:
        running.append(1)
        most.append(len(running))
        peer.settimeout(5 * SECONDS)
        with contextlib.suppress(OSError):
            peer.recv(1)  # nothing comes until the server leaves
        running.pop()

    def ask(client: Registered) -> Callable[[], tuple[httpx.Response, float]]:
        def act() -> tuple[httpx.Response, float]:
            began = time.monotonic()
            with Person(site.url) as person:
                person.browser.cookies = editor.browser.cookies
                answer = person.browser.get(client.authorize_url())
            return answer, time.monotonic() - began

        return act

    world.host.answer = hold
    wait_for_a_window(10, left=6)

    *answers, (page, _) = all_at_once(
        *[ask(somewhere(site)) for _ in range(FLOOD)], ask(known)
    )

    for answer, _ in answers:
        assert_unread(answer)
    assert max(most) == AT_ONCE
    # Some wait all the same, in a worker whose threads are busy with the few.
    assert sum(took < SECONDS for _, took in answers) >= FLOOD / 2
    assert page.status_code == httpx.codes.OK
