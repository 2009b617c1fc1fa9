"""While the database is locked or away: 503 and when to come back, never 401 or 500."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
import pytest

from agent_connector.connections.secret import Prefix, mint_secret
from tests.factories import REDIRECT_URI
from tests.http.admin_pages import user_pk
from tests.http.person import Person, form_for
from tests.http.sending import send
from tests.http.server import Site, running_site, site_without_database
from tests.http.wire import Registered, Tokens, all_at_once, post_call, register

ON_POSTGRESQL = bool(os.environ.get("TEST_POSTGRES_URL"))
IMPATIENT = f"options={quote('-c lock_timeout=1000')}" if ON_POSTGRESQL else "timeout=1"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that waits a second for a lock."""
    folder = tmp_path_factory.mktemp("hasty")
    with running_site(folder, options=IMPATIENT) as running:
        yield running
        assert running.kept_secrets() == []


@pytest.fixture(scope="module")
def person(hasty: Site) -> Iterator[Person]:
    with Person(hasty.url) as signed_in:
        yield signed_in.sign_in("editor")


@contextlib.contextmanager
def _locked(site: Site) -> Iterator[None]:
    """Hold what every writer needs: SQLite's one lock, or our tables."""
    if not ON_POSTGRESQL:
        path = Path(site.database_url.removeprefix("sqlite:///"))
        with contextlib.closing(sqlite3.connect(path, timeout=20)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(site.database_url) as holder:
        found = holder.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'agent_connector_%'"
            " OR tablename = 'django_session'"
        )
        names = ", ".join(name for (name,) in found.fetchall())
        holder.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE".encode())
        yield
        holder.rollback()


def _assert_later(answer: httpx.Response) -> None:
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert "no-store" in answer.headers["Cache-Control"]
    assert "WWW-Authenticate" not in answer.headers
    assert "OperationalError" not in answer.text


def test_a_locked_database_is_told_to_programs_and_costs_them_nothing(
    hasty: Site, person: Person
) -> None:
    client = register(hasty)
    tokens = client.tokens(person)
    newer = register(hasty)
    code = newer.code(person)

    with _locked(hasty):
        answers = all_at_once(
            lambda: post_call(hasty, tokens.access),
            lambda: client.refresh(tokens.refresh),
            lambda: newer.exchange(code),
            lambda: client.revoke(tokens.access),
            lambda: _register(hasty),
        )
        refused = post_call(hasty, "aca_junk")

    for answer in answers:
        _assert_later(answer)
        assert answer.headers["Content-Type"].startswith("application/json")
    assert refused.status_code == httpx.codes.UNAUTHORIZED
    assert post_call(hasty, tokens.access).status_code == httpx.codes.OK
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK
    assert newer.exchange(code).status_code == httpx.codes.OK


def _register(site: Site) -> httpx.Response:
    url = f"{site.url}/mcp/oauth/register"
    return send("POST", url, json={"redirect_uris": [REDIRECT_URI]})


def test_a_locked_database_is_told_to_people_on_a_page_and_nothing_is_decided(
    hasty: Site, person: Person
) -> None:
    client = register(hasty)
    page, form = person.consent_page(client.authorize_url())

    with _locked(hasty):
        asked = person.browser.get(client.authorize_url())
        decided = person.post(page, form, level="read", decision="allow")

    for answer in (asked, decided):
        _assert_later(answer)
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "busy" in answer.text
    once_more = person.post(page, form, level="read", decision="allow")
    hasty.secrets.append(once_more.headers["Location"].partition("code=")[2][:50])
    assert "code=" in once_more.headers["Location"]


def test_a_revoke_that_fails_is_never_said_to_be_done(
    hasty: Site, person: Person
) -> None:
    client = register(hasty)
    tokens = client.tokens(person)
    with Person(hasty.url) as admin:
        admin.sign_in("admin")
        address = f"/admin/agent_connector/mcpuser/{user_pk(admin, 'editor')}/revoke/"
        page = admin.get(address)
        form = form_for(page, field="confirm", value="yes")

        with _locked(hasty):
            answer = admin.post(page, form)

    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "Revoked" not in answer.text
    assert post_call(hasty, tokens.access).status_code == httpx.codes.OK


def _away(folder: Path) -> str:
    if ON_POSTGRESQL:
        return "postgres://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    return f"sqlite:///{folder / 'not there' / 'panel.sqlite3'}"


def test_64_what_has_a_wrong_checksum_is_no_question_to_the_database(
    tmp_path: Path,
) -> None:
    good = mint_secret(Prefix.ACCESS)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")

    with site_without_database(tmp_path, database_url=_away(tmp_path)) as site:
        refused = post_call(site, wrong)
        asked = post_call(site, good)

    assert refused.status_code == httpx.codes.UNAUTHORIZED
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    _assert_later(asked)


def test_a_database_that_is_away_is_told_everywhere(tmp_path: Path) -> None:
    with site_without_database(tmp_path, database_url=_away(tmp_path)) as site:
        client = Registered(site=site, client_id="anybody", name="Anybody")
        secret = Tokens(
            access=mint_secret(Prefix.ACCESS), refresh=mint_secret(Prefix.REFRESH)
        )
        answers = [
            post_call(site, secret.access),
            client.refresh(secret.refresh),
            client.exchange("x"),
            client.revoke(secret.access),
            _register(site),
            send("GET", client.authorize_url()),
            send("GET", client.authorize_url(), headers={"Cookie": "panel_session=x"}),
            send("POST", client.authorize_url()),
            send("GET", f"{site.url}/.well-known/oauth-authorization-server"),
            send("GET", site.metadata_url),
        ]

    statuses = [answer.status_code for answer in answers]
    assert statuses.pop(7) == httpx.codes.FORBIDDEN  # no CSRF token, not even asked
    del answers[7]
    for answer in answers:
        _assert_later(answer)
