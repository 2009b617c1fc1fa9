"""Look for secrets in whatever was kept, as they are and in disguise."""

from __future__ import annotations

import base64
import io
import pickletools
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.http.database import dump_database
from tests.http.hand import run_sql
from tests.http.server import Site

_WORD = re.compile(rb"[A-Za-z0-9_+/=%.~\-]{16,}")
"""What a secret can be a part of, encoded or not."""


class Haystack:
    """All words of what was added; each once, so that the search is fast."""

    def __init__(self) -> None:
        self._words: set[bytes] = set()

    def add(self, *texts: bytes) -> None:
        for text in texts:
            self._words.update(_WORD.findall(text))

    def find(self, secrets: Iterable[str]) -> list[str]:
        """Return those secrets that are in it."""
        whole = b"\n".join(self._words)
        return [one for one in secrets if any(form in whole for form in _forms(one))]


def _forms(secret: str) -> set[bytes]:
    """Return the text plain, percent-encoded, and as the inside of any base64."""
    text = secret.encode()
    forms = {text, quote(secret, safe="").encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + text)
        # What stands beside it changes the characters at both ends.
        inside = encoded[-(-shift * 8 // 6) : -4]
        forms |= {inside, inside.translate(bytes.maketrans(b"+/", b"-_"))}
    return forms


def all_that_is_kept(site: Site, folder: Path) -> Haystack:
    """Return the words of database, WAL, log, sessions, cache and error reports."""
    found = Haystack()
    found.add(dump_database(site.database_url), site.log.read_bytes())
    found.add(*_sessions(site))
    for file in (one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        found.add(content, content.replace(b"=\n", b""))  # quoted-printable
        if file.suffix == ".djcache":
            found.add(cached_value(content))
    return found


def cached_value(content: bytes) -> bytes:
    """Return the value of a file of Django's cache, as it was pickled.

    The time it expires stands before it, pickled too, and may hold any byte: only
    its own opcodes tell where it ends.
    """
    file = io.BytesIO(content)
    for _ in pickletools.genops(file):
        pass
    return zlib.decompress(file.read())


def _sessions(site: Site) -> list[bytes]:
    """Return what Django keeps signed, in base64 and often compressed."""
    rows = run_sql(site, "SELECT session_data FROM django_session")
    contents = []
    for [row] in rows:
        data = row.split(":")[0]
        padded = data.lstrip(".") + "=" * (-len(data.lstrip(".")) % 4)
        content = base64.urlsafe_b64decode(padded)
        contents.append(zlib.decompress(content) if data[0] == "." else content)
    return contents


def add_wal(found: Haystack, site: Site, *, since: str) -> bool:
    """Add PostgreSQL's write-ahead log; False where we may not read it."""
    try:
        with psycopg.connect(site.database_url) as connection:
            names = connection.execute(
                "SELECT name FROM pg_ls_waldir() WHERE name >= pg_walfile_name(%s)"
                " AND name <= pg_walfile_name(pg_current_wal_lsn())",
                [since],
            ).fetchall()
            for [name] in names:
                read = "SELECT pg_read_binary_file('pg_wal/' || %s)"
                row = connection.execute(read, [name]).fetchone()
                assert row is not None
                found.add(row[0])
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True
