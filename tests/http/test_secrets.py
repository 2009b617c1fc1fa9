"""Nothing secret is kept: the database and the log hold no token and no code."""

from __future__ import annotations

import httpx

from tests.http.database import dump_database
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import post_call, register


def test_no_token_or_code_is_found_at_rest(site: Site, editor: Person) -> None:
    client = register(site, "A name that is kept")
    unused, replayed = client.code(editor), client.code(editor)
    first = client.tokens(editor)
    assert post_call(site, first.access, "whoami").status_code == httpx.codes.OK
    second = client.refresh(first.refresh).json()
    client.exchange(replayed)
    client.exchange(replayed)
    client.refresh(first.refresh)
    post_call(site, second["access_token"], second["refresh_token"])
    post_call(site, second["access_token"], "search_records", model=unused)

    kept = dump_database(site.database_url)

    assert len(set(site.secrets)) >= 8
    assert b"A name that is kept" in kept
    assert site.kept_secrets() == []
