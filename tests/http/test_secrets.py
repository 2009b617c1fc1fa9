"""Nothing secret is kept: whatever is written down, no secret is found in it."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import struct
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.core.cache.backends.filebased import FileBasedCache

from agent_connector.connections.secret import Prefix, mint_secret
from panel.agent.forms import form_with
from tests.attacks.by_hand import post_by_hand
from tests.http.admin_pages import (
    GRID,
    allow_personal_tokens,
    make_personal_token,
    personal_token_on,
    user_pk,
)
from tests.http.hand import run_sql
from tests.http.haystack import Haystack, add_wal, all_that_is_kept, cached_value
from tests.http.person import Person, parameters_of
from tests.http.seed import PASSWORD
from tests.http.server import Site, running_site
from tests.http.wire import Registered, post_call, register

EACH = 50
METHODS = ("client_secret_basic", "client_secret_post")
ADMIN = "/admin/agent_connector"
PAGES = (
    "mcpuser/",
    "mcpuser/account/",
    "mcpuser/export/",
    "client/",
    "toolcall/",
    "toolcall/export/",
    "connectorsettings/",
)
Issued = dict[str, list[str]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Iterator[Site]:
    """A server that logs everything at DEBUG, SQL included, and mails its errors."""
    with running_site(
        tmp_path_factory.mktemp("loud"),
        DJANGO_SETTINGS_MODULE="tests.http.loud",
        TEST_KEPT_FOLDER=str(kept),
    ) as running:
        yield running


def _connect(client: Registered, person: Person, issued: Issued) -> None:
    """Go through a whole connection, and note each secret in it by its kind."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    url = client.authorize_url(code_challenge=challenge)
    page, form = person.consent_page(url)
    code = parameters_of(person.post(page, form, level="read", decision="allow"))[
        "code"
    ]
    first = client.exchange(code, code_verifier=verifier).json()
    second = client.refresh(first["refresh_token"]).json()
    invented = mint_secret(Prefix.CLIENT_SECRET)
    wrong = dataclasses.replace(client, secret=invented)
    wrong.refresh(second["refresh_token"])
    post_call(client.site, second["access_token"], first["access_token"], id=code)
    for kind, values in {
        "verifier": [verifier],
        "code": [code],
        "ticket": [str(form.fields["ticket"])],
        "access": [first["access_token"], second["access_token"]],
        "refresh": [first["refresh_token"], second["refresh_token"]],
        "client secret": [client.secret],
        "wrong client secret": [invented],
    }.items():
        issued.setdefault(kind, []).extend(values)


def _use_personal_token(
    site: Site, person: Person, admin: Person, *, password: str, issued: Issued
) -> None:
    """Make one, use it, and let an administrator trace it as one that leaked."""
    token = personal_token_on(make_personal_token(person, password=password))
    assert post_call(site, token, model=token).status_code == httpx.codes.OK
    traced = post_by_hand(admin, f"{GRID}leaked-token/", text=f"Found: {token}")
    assert f"{GRID}{user_pk(admin, person.username)}/info/" in traced.text
    issued.setdefault("personal", []).append(token)


def _change_password(person: Person, old: str, issued: Issued) -> str:
    page = person.get("/admin/password_change/")
    form = form_with(page.text, "old_password")
    assert form is not None
    new = secrets.token_urlsafe(24)
    twice = {"new_password1": new, "new_password2": new}
    answer = person.post(page, form, old_password=old, **twice)
    assert answer.is_redirect
    issued.setdefault("password", []).append(new)
    return new


def _break(site: Site, *, table: str) -> None:
    """Let each row that is added to the table be an error that nobody expects."""
    trigger = f"CREATE TRIGGER boom BEFORE INSERT ON {table}"
    if site.database_url.startswith("sqlite"):
        run_sql(site, f"{trigger} BEGIN SELECT RAISE(ABORT, 'boom'); END")
        return
    body = "'BEGIN RAISE EXCEPTION ''boom''; END' LANGUAGE plpgsql"
    run_sql(site, f"CREATE FUNCTION boom() RETURNS trigger AS {body}")
    run_sql(site, f"{trigger} FOR EACH ROW EXECUTE FUNCTION boom()")


def _fail(site: Site, person: Person, issued: Issued) -> None:
    """Let a report be written in the midst of an exchange and of a refresh."""
    one, other = register(site), register(site)
    code, refresh = one.code(person), other.tokens(person).refresh
    _break(site, table="agent_connector_token")
    for answer in (one.exchange(code), other.refresh(refresh)):
        assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    issued["code"].append(code)
    issued["refresh"].append(refresh)


def _wal_position(site: Site) -> str:
    """Return where PostgreSQL's write-ahead log stands; SQLite's is a file."""
    if site.database_url.startswith("sqlite"):
        return ""
    [[position]] = run_sql(site, "SELECT pg_current_wal_lsn()::text")
    return str(position)


def _page_words(admin: Person) -> Haystack:
    pages = Haystack()
    for path in PAGES:
        pages.add(admin.get(f"{ADMIN}/{path}").content)
    for username in ("editor", "viewer"):
        for screen in ("info", "tokens", "revoke"):
            address = f"{GRID}{user_pk(admin, username)}/{screen}/"
            pages.add(admin.get(address).content)
    return pages


def test_no_secret_is_found_in_anything_that_is_written_down(
    loud: Site, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issued: Issued = {}
    since = _wal_position(loud)
    with Person(loud.url) as admin, Person(loud.url) as editor:
        admin.sign_in("admin")
        password = PASSWORD
        editor.sign_in("editor")
        allow_personal_tokens(admin)
        last = register(loud)
        for number in range(EACH):
            method = METHODS[number % len(METHODS)]
            last = register(loud, token_endpoint_auth_method=method)
            _connect(last, editor, issued)
            _use_personal_token(loud, editor, admin, password=password, issued=issued)
            password = _change_password(editor, password, issued)
        _fail(loud, editor, issued)
        pages = _page_words(admin)
        session = str(admin.browser.cookies["panel_session"])
    found = all_that_is_kept(loud, kept)
    has_wal = bool(since) and add_wal(found, loud, since=since)

    every = [one for of_kind in issued.values() for one in of_kind]
    with capsys.disabled():
        told = ", ".join(f"{len(set(of))} {kind}" for kind, of in issued.items())
        where = "" if has_wal or not since else " (its WAL may not be read)"
        print(f"\n  secrets looked for{where}: {told}")  # noqa: T201  # a figure
    assert all(len(set(of_kind)) >= EACH for of_kind in issued.values())
    assert found.find(every) == []
    assert pages.find(every) == []
    # It does find what is there: reports were written, and statements logged.
    assert "boom" in next((kept / "mail").iterdir()).read_text()
    assert found.find([last.client_id, session]) == [last.client_id, session]


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_the_search_finds_a_secret_in_any_disguise(shift: int) -> None:
    secret = secrets.token_urlsafe(32) + "/+"
    haystack = Haystack()
    around = b"x" * shift + secret.encode() + b"yz"

    haystack.add(b"beside " + b64encode(around) + b" that", b"and more of it")
    urlsafe = Haystack()
    urlsafe.add(urlsafe_b64encode(around))
    quoted = Haystack()
    quoted.add(b"?code=" + quote(secret, safe="").encode() + b"&state=x")

    for one in (haystack, urlsafe, quoted):
        assert one.find([secret, "something else, quite"]) == [secret]


def test_the_search_reads_a_cached_value_whatever_time_it_expires_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [with_a_dot_in_it] = struct.unpack(">d", b"\x41\xda.....\x00")
    monkeypatch.setattr("time.time", lambda: with_a_dot_in_it)
    FileBasedCache(str(tmp_path), {}).set("key", "what was cached", timeout=1e-9)

    [file] = tmp_path.iterdir()

    assert b"what was cached" in cached_value(file.read_bytes())
