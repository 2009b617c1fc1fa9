"""Attacks 14 to 24: clients known by a document that they published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.connections.block import block_client
from agent_connector.models import Client, Connection, ConnectorSettings, Event
from agent_connector.oauth import fetch, limits
from agent_connector.policy.throttle import Limit
from tests.authorization import (
    answer_in,
    ask_refresh,
    ask_token,
    authorize_url,
    decide,
    ticket_on,
)
from tests.document_host import (
    HOST,
    URL,
    DocumentHost,
    answer_with,
    document,
    running_host,
)
from tests.factories import REDIRECT_URI, make_admin, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DocumentHost]:
    with running_host(tmp_path) as running:
        monkeypatch.setattr(fetch, "INTERNET", running.network())
        yield running


@pytest.fixture(autouse=True)
def _on() -> None:
    ConnectorSettings.objects.create(client_id_metadata_documents=True)


@pytest.fixture
def person(client: Browser) -> Browser:
    client.force_login(make_user("ada"))
    return client


def url_of(client_id: str = URL, **changes: str | None) -> str:
    return authorize_url(Client(client_id=client_id), **changes)


def assert_refused(page: Any) -> str:
    text: str = page.content.decode()
    assert page.status_code == 400
    assert "Location" not in page.headers
    assert "This request cannot continue" in text
    assert not Connection.objects.exists()
    return text


def grow_stale() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Client.objects.update(document_expires_at=past)


def test_a_client_that_nobody_entered_connects_by_its_document(
    host: DocumentHost, person: Browser
) -> None:
    page = person.get(url_of())

    text = page.content.decode()
    assert page.status_code == 200
    assert "Claude Code" in text
    assert "Name not verified" in text
    assert f'<bdi class="strong">{HOST}</bdi>' in text
    ticket = ticket_on(page)
    answer = person.post(
        url_of(), {"ticket": ticket, "decision": "allow", "level": "read"}
    )
    tokens = ask_token(person, client_id=URL, code=answer_in(answer)["code"])
    assert tokens.status_code == 200
    assert Connection.objects.get().client_host == HOST
    assert len(host.requests) == 1


def test_on_loopback_any_port_is_accepted_as_for_everybody(
    host: DocumentHost, person: Browser
) -> None:
    redirect_uri = "http://localhost:51234/callback"

    answer = decide(person, url_of(redirect_uri=redirect_uri), level="read")

    assert answer.headers["Location"].startswith(redirect_uri + "?code=")


@pytest.mark.spec("attacks", "14")
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    "client_id",
    [
        "http://client.example/about/client.json",
        "HTTPS://client.example/about/client.json",
        "https://user@client.example/about/client.json",
        "https://client.example/about/client.json#x",
        "https://client.example/about/../client.json",
        "https://client.example",
        "https://client.example/",
        "https://client.example/" + "x" * 490,
        "https://127.0.0.1/client.json",
        "https://2130706433/client.json",
        "https://client.example:8443/client.json",
    ],
)
def test_a_url_that_can_be_no_client_id_is_an_unknown_client(
    host: DocumentHost,
    client: Browser,
    client_id: str,
    signed_in: bool,  # noqa: FBT001  # a table
) -> None:
    if signed_in:
        client.force_login(make_user())

    assert "not registered" in assert_refused(client.get(url_of(client_id)))
    assert host.connected_to == []


@pytest.mark.spec("attacks", "15 and 20")
def test_whatever_is_in_the_way_the_page_says_the_same(
    host: DocumentHost, person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page_of(client_id: str, network: fetch.Network) -> str:
        monkeypatch.setattr(fetch, "INTERNET", network)
        return assert_refused(person.get(url_of(client_id)))

    texts = {
        page_of("https://a.example/x", host.network("127.0.0.1")),
        page_of("https://b.example/x", host.network("169.254.169.254")),
        page_of("https://c.example/x", fetch.Network(resolve=lambda _host: [])),
        page_of("https://d.example/x", host.network()),  # another name's certificate
    }
    host.answer = answer_with(status="404 Not Found")
    texts.add(page_of(URL, host.network()))
    host.answer = answer_with(Content_Type="text/html")
    texts.add(page_of(URL, host.network()))

    assert len(texts) == 1
    assert "could not be read" in texts.pop()
    assert len(host.connected_to) == 3
    assert not Client.objects.exists()


@pytest.mark.spec("attacks", "19")
def test_a_document_that_does_not_hold_is_a_page_and_soon_not_asked_for_again(
    host: DocumentHost, person: Browser
) -> None:
    host.answer = answer_with(document(client_id="https://client.example/other"))

    for _ in range(6):
        assert_refused(person.get(url_of()))

    assert len(host.requests) == 3


@pytest.mark.spec("attacks", "21")
def test_one_person_makes_us_fetch_only_so_many_and_is_told_to_wait(
    host: DocumentHost, person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DOCUMENTS", Limit(most=1, window=timedelta(hours=1)))
    person.get(url_of("https://client.example/one"))

    page = person.get(url_of("https://client.example/two"))

    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 3600
    assert "too many programs" in page.content.decode()
    assert len(host.requests) == 1


def test_a_redirect_uri_that_is_not_in_the_document_is_a_page(
    host: DocumentHost, person: Browser
) -> None:
    evil = "https://evil.example/cb"

    assert "evil" not in assert_refused(person.get(url_of(redirect_uri=evil)))


@pytest.mark.spec("attacks", "22")
def test_a_changed_document_counts_from_then_on_and_connections_go_on(
    host: DocumentHost, person: Browser
) -> None:
    code = answer_in(decide(person, url_of(), level="read"))["code"]
    refresh = ask_token(person, client_id=URL, code=code).json()["refresh_token"]
    new = "https://client.example/new"
    host.answer = answer_with(document(redirect_uris=[new]))

    assert person.get(url_of()).status_code == 200  # fresh: not asked for
    grow_stale()

    assert person.get(url_of(redirect_uri=new)).status_code == 200
    assert person.get(url_of()).status_code == 400
    assert Event.objects.filter(kind="client_changed").count() == 1
    renewed = ask_refresh(person, client_id=URL, refresh_token=refresh)
    assert renewed.status_code == 200
    assert len(host.requests) == 2


def test_a_decision_about_a_document_that_changed_meanwhile_is_refused(
    host: DocumentHost, person: Browser
) -> None:
    ticket = ticket_on(person.get(url_of()))
    host.answer = answer_with(document(redirect_uris=["https://client.example/new"]))
    grow_stale()

    answer = person.post(
        url_of(), {"ticket": ticket, "decision": "allow", "level": "read"}
    )

    assert_refused(answer)


def test_a_stale_document_that_cannot_be_read_connects_nobody_and_cuts_nobody(
    host: DocumentHost, person: Browser
) -> None:
    code = answer_in(decide(person, url_of(), level="read"))["code"]
    grow_stale()
    host.answer = answer_with(status="500 X")

    assert person.get(url_of()).status_code == 400
    assert ask_token(person, client_id=URL, code=code).status_code == 200


@pytest.mark.spec("attacks", "23")
@pytest.mark.parametrize("known", [True, False])
def test_who_has_not_signed_in_makes_us_fetch_nothing_and_is_led_to_the_sign_in(
    host: DocumentHost,
    client: Browser,
    known: bool,  # noqa: FBT001  # a table
) -> None:
    if known:
        make_client("Known", client_id=URL, kind=Client.Kind.DOCUMENT)
    url = url_of(redirect_uri="https://evil.example/", scope="no such scope")

    answer = client.get(url)

    to = urlsplit(answer.headers["Location"])
    assert (answer.status_code, to.netloc, to.path) == (302, "", "/admin/login/")
    assert parse_qs(to.query) == {"next": [url]}
    assert host.connected_to == []


@pytest.mark.spec("attacks", "23")
@pytest.mark.parametrize(
    "fields", [{"is_staff": False}, {"enabled": False}], ids=["no staff", "disabled"]
)
def test_who_may_not_connect_makes_us_fetch_nothing(
    host: DocumentHost, client: Browser, fields: dict[str, Any]
) -> None:
    client.force_login(make_user(**fields))

    page = client.get(url_of())

    assert page.status_code == 403
    assert HOST in page.content.decode()
    assert host.connected_to == []
    assert not Client.objects.exists()


def test_an_admin_that_asks_for_more_is_obeyed_before_the_fetch(
    host: DocumentHost, person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.contrib.admin.AdminSite.has_permission", lambda *_: False
    )

    assert person.get(url_of()).headers["Location"].startswith("/admin/login/?")
    assert host.connected_to == []


@pytest.mark.spec("attacks", "24")
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_blocked_client_is_refused_before_any_fetch(
    host: DocumentHost,
    client: Browser,
    signed_in: bool,  # noqa: FBT001  # a table
) -> None:
    blocked = make_client("Known", client_id=URL, kind=Client.Kind.DOCUMENT)
    block_client(blocked, actor=make_admin(), now=timezone.now())
    if signed_in:
        client.force_login(make_user())

    assert "blocked" in assert_refused(client.get(url_of()))
    assert host.connected_to == []


@pytest.mark.parametrize("known", [True, False])
def test_while_documents_are_off_such_a_client_is_unknown(
    host: DocumentHost,
    person: Browser,
    known: bool,  # noqa: FBT001  # a table
) -> None:
    ConnectorSettings.objects.update(client_id_metadata_documents=False)
    if known:
        until = timezone.now() + timedelta(hours=1)
        make_client(client_id=URL, kind=Client.Kind.DOCUMENT, document_expires_at=until)

    assert "not registered" in assert_refused(person.get(url_of()))
    assert host.connected_to == []


def test_they_are_advertised_while_they_are_on(client: Browser) -> None:
    name = "client_id_metadata_document_supported"
    address = "/.well-known/oauth-authorization-server"
    assert client.get(address).json()[name] is True

    ConnectorSettings.objects.update(client_id_metadata_documents=False)

    assert name not in client.get(address).json()


def test_an_https_client_id_that_was_entered_by_hand_is_never_fetched(
    host: DocumentHost, person: Browser
) -> None:
    make_client("Entered", client_id=URL, kind=Client.Kind.MANUAL)

    assert person.get(url_of(redirect_uri=REDIRECT_URI)).status_code == 200
    assert host.connected_to == []


@pytest.mark.django_db(transaction=True)
def test_no_transaction_of_the_request_is_open_during_the_fetch(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction: list[bool] = []

    def note(_url: str) -> None:
        in_transaction.append(connection.in_atomic_block)
        raise fetch.FetchFailed(fetch.Reason.STATUS)

    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", 1)
    monkeypatch.setattr("agent_connector.oauth.document_client.fetch", note)

    assert_refused(person.get(url_of()))

    assert in_transaction == [False]
