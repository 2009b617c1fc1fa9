"""Clients known by their documents: stored once, kept up to date, asked in turn."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from agent_connector.models import Client, Event
from agent_connector.oauth import document_client as module
from agent_connector.oauth.document_client import (
    document_client,
    fetch_client,
    read_document,
)
from agent_connector.oauth.errors import TooManyRequests
from agent_connector.oauth.fetch import Fetched, FetchFailed, Reason
from agent_connector.oauth.limits import DOCUMENTS
from agent_connector.policy.throttle import Limit
from tests.document_host import HOST, URL, document
from tests.factories import NOON, REDIRECT_URI, make_client, make_user
from tests.parallel import database_of_threads, in_parallel

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let every URL answer with a document; returns the list of what was fetched."""

    def publish(*, fails: bool = False, **changes: Any) -> list[str]:
        asked: list[str] = []

        def fetch(url: str) -> Fetched:
            asked.append(url)
            if fails:
                raise FetchFailed(Reason.STATUS)
            body = json.dumps({**document(**changes), "client_id": url}).encode()
            return Fetched(body=body, fresh_for=timedelta(hours=1))

        monkeypatch.setattr(module, "fetch", fetch)
        return asked

    return publish


Publish = Callable[..., list[str]]


def fetch_once(url: str = URL, *, now: datetime = NOON) -> None:
    fetch_client(url, user=make_user(), now=now, address="192.0.2.7")


def reason_of(url: str = URL, *, now: datetime = NOON) -> Reason:
    with pytest.raises(FetchFailed) as failed:
        read_document(url, now=now)
    return failed.value.reason


def test_before_the_fetch_only_the_host_is_known() -> None:
    client = document_client(URL)

    assert client is not None
    assert client._state.adding  # noqa: SLF001  # Django's documented API
    assert client.client_id == URL
    assert (client.kind, client.name, client.host) == ("document", HOST, HOST)
    assert document_client("http://client.example/x") is None
    assert document_client("") is None


def test_a_new_client_is_stored_with_its_verified_host(
    publish: Publish,
) -> None:
    publish(client_name="Cursor")

    fetch_once()

    client = Client.objects.get()
    assert (client.client_id, client.kind, client.name) == (URL, "document", "Cursor")
    assert (client.host, client.auth_method, client.trust) == (HOST, "none", "default")
    assert client.redirect_uris == [REDIRECT_URI, "http://localhost/callback"]
    assert client.document_expires_at == NOON + timedelta(hours=1)
    assert (client.created_at, client.created_from) == (NOON, "192.0.2.7")
    assert not Event.objects.exists()


@pytest.mark.spec("attacks", "22")
def test_changed_redirect_uris_replace_the_old_ones_and_are_on_record(
    publish: Publish,
) -> None:
    publish()
    fetch_once()
    publish(redirect_uris=["https://client.example/new"], client_name="Renamed")

    fetch_once(now=NOON + 2 * MINUTE)

    client = Client.objects.get()
    assert client.redirect_uris == ["https://client.example/new"]
    assert client.name == "Renamed"
    assert client.document_expires_at == NOON + 62 * MINUTE
    event = Event.objects.get(kind="client_changed")
    assert URL in event.detail
    assert REDIRECT_URI in event.detail
    assert "https://client.example/new" in event.detail


def test_what_one_document_says_changes_no_other_client(publish: Publish) -> None:
    publish()
    fetch_once()
    fetch_once("https://other.example/x")
    publish(redirect_uris=["https://client.example/new"])

    fetch_once()

    other = Client.objects.get(client_id="https://other.example/x")
    assert REDIRECT_URI in other.redirect_uris


def test_a_new_client_lets_those_go_that_nobody_uses(publish: Publish) -> None:
    publish()
    make_client(client_id="https://old.example/x", kind=Client.Kind.DOCUMENT)

    fetch_once(now=NOON + timedelta(days=1))

    assert Client.objects.get().client_id == URL


def test_one_person_makes_us_fetch_only_so_many_and_nobody_else_waits(
    publish: Publish,
) -> None:
    asked = publish()
    user = make_user()

    def fetch_for(user: User, number: int, *, now: datetime = NOON) -> None:
        url = f"https://host{number}.example/x"
        fetch_client(url, user=user, now=now, address=None)

    for number in range(DOCUMENTS.most):
        fetch_for(user, number)
    with pytest.raises(TooManyRequests):
        fetch_for(user, 99)

    assert len(asked) == Client.objects.count() == DOCUMENTS.most
    fetch_for(make_user(), 100)
    fetch_for(user, 101, now=NOON + DOCUMENTS.window)


def test_another_order_of_the_same_is_no_change(publish: Publish) -> None:
    publish()
    fetch_once()
    publish(redirect_uris=["http://localhost/callback", REDIRECT_URI])

    fetch_once()

    assert not Event.objects.filter(kind="client_changed").exists()


def test_a_block_survives_what_the_document_says(publish: Publish) -> None:
    publish()
    fetch_once()
    Client.objects.update(trust=Client.Trust.BLOCKED)

    fetch_once()

    assert Client.objects.get().trust == Client.Trust.BLOCKED


def test_a_client_of_another_kind_keeps_what_was_entered(publish: Publish) -> None:
    make_client("Entered", client_id=URL, kind=Client.Kind.MANUAL)
    publish(redirect_uris=["https://client.example/new"])

    fetch_once()

    client = Client.objects.get()
    assert (client.name, client.redirect_uris) == ("Entered", [REDIRECT_URI])


@pytest.mark.spec("attacks", "19")
def test_a_document_that_does_not_hold_stores_nothing_and_says_what_for_the_log(
    publish: Publish, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    publish(client_secret="hunter2")

    assert reason_of() is Reason.CONTENT
    assert not Client.objects.exists()
    assert "must hold no secret" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.spec("attacks", "19")
@pytest.mark.parametrize("world", [{"fails": True}, {"client_secret": "x"}])
def test_after_three_failures_a_url_is_left_alone_until_the_minute_ends(
    publish: Publish, world: dict[str, Any]
) -> None:
    asked = publish(**world)

    for _ in range(5):
        reason_of()

    assert (len(asked), reason_of()) == (3, Reason.BUSY)
    assert reason_of("https://other.example/x") is not Reason.BUSY
    publish()
    read_document(URL, now=NOON + MINUTE)


def test_a_url_that_had_to_wait_for_others_has_not_failed(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    with monkeypatch.context() as crowded:
        crowded.setattr(module, "AT_ONCE", Limit(most=0, window=MINUTE))
        reasons = {reason_of() for _ in range(5)}

    assert reasons == {Reason.BUSY}
    read_document(URL, now=NOON)


def test_success_uses_no_turn_up(publish: Publish) -> None:
    asked = publish()

    for _ in range(10):
        read_document(URL, now=NOON)

    assert len(asked) == 10


@pytest.mark.spec("attacks", "21")
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_four_are_fetched_and_the_others_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[str] = []
    refused: list[int] = []
    all_refused = threading.Event()

    def fetch(url: str) -> Fetched:
        running.append(url)
        assert all_refused.wait(20)  # while the four of us are at it
        raise FetchFailed(Reason.TOO_SLOW)

    def ask(number: int) -> Callable[[], Reason]:
        def act() -> Reason:
            reason = reason_of(f"https://host{number}.example/x")
            if reason is Reason.BUSY:
                refused.append(number)
                if len(refused) == 12:
                    all_refused.set()
            return reason

        return act

    monkeypatch.setattr(module, "fetch", fetch)
    with database_of_threads(tmp_path):
        reasons = in_parallel(*map(ask, range(16)))

        assert len(running) == 4
        assert reasons.count(Reason.BUSY) == 12


@pytest.mark.spec("C6", "one row")
@pytest.mark.django_db(transaction=True)
def test_a_client_met_by_many_at_once_is_one_row(
    tmp_path: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    many = Limit(most=99, window=MINUTE)
    monkeypatch.setattr(module, "FAILURES", many)
    monkeypatch.setattr(module, "AT_ONCE", many)
    with database_of_threads(tmp_path):
        in_parallel(*[fetch_once] * 16)

        assert Client.objects.count() == 1
        Client.objects.all().delete()
