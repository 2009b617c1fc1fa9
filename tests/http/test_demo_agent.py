"""`make agent`, run against the server: what it says, and how it ends."""

from __future__ import annotations

import asyncio
import functools
import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from panel.agent.options import parse_options
from panel.agent.run import run_agent
from panel.agent.terminal import Terminal
from tests.http.admin_pages import revoke_all, set_access, token_rows
from tests.http.person import Person
from tests.http.seed import PASSWORD
from tests.http.server import ROOT, Site

PATIENCE_SECONDS = 30
CUT_WITHIN_SECONDS = 2.0


class Running:
    """The agent as a process of its own, read line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line.rstrip())
        self._lines.put(None)

    def until(self, text: str) -> list[str]:
        """Return the lines up to the one with `text`, which must come."""
        lines: list[str] = []
        while not lines or text not in lines[-1]:
            line = self._lines.get(timeout=PATIENCE_SECONDS)
            assert line is not None, (text, lines)
            lines.append(line)
        return lines

    def end(self) -> tuple[int, str]:
        """Return the exit code, and what is left of its words."""
        lines = list(iter(lambda: self._lines.get(timeout=PATIENCE_SECONDS), None))
        return self.process.wait(timeout=PATIENCE_SECONDS), "\n".join(lines)


@contextmanager
def running_agent(
    url: str, *arguments: str, password: str = PASSWORD
) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "panel.agent", "--url", url, *arguments],
        cwd=ROOT,
        env={**os.environ, "AGENT_PASSWORD": password, "TZ": "UTC"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Running(process)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_the_agent_is_cut_within_two_seconds_and_says_by_whom(
    site: Site, admin: Person
) -> None:
    with running_agent(site.mcp_url, "--as", "editor") as agent:
        before = "\n".join(agent.until("Calling every second"))
        agent.until("ms)")

        revoke_all(admin, "editor")

        begun = time.monotonic()
        agent.until("401: revoked by admin at ")
        assert time.monotonic() - begun < CUT_WITHIN_SECONDS
        code, last_words = agent.end()

    assert "search_records" in before
    assert "€" in before
    assert "refresh token is dead too" in last_words
    assert code == 1


def test_ctrl_c_ends_it_politely(site: Site, admin: Person) -> None:
    with running_agent(site.mcp_url, "--as", "editor") as agent:
        agent.until("Calling every second")
        agent.process.send_signal(signal.SIGINT)
        code, words = agent.end()

    assert code == 0
    assert "handed back" in words
    assert "Traceback" not in words
    assert "Revoked" in _row_of_agent(admin, "editor")


class Heard(io.StringIO):
    """A terminal that does something as soon as certain words are said."""

    def __init__(
        self, words: str = "", act: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        self._words, self._act = words, act

    def write(self, text: str) -> int:
        act = self._act
        if act is not None and self._words in text:
            self._act = None
            act()
        return super().write(text)


def _run(url: str, heard: Heard, *arguments: str) -> tuple[int, str]:
    options = parse_options(["--url", url, *arguments], environment=os.environ)
    code = asyncio.run(run_agent(options, Terminal(heard)))
    return code, heard.getvalue()


def _row_of_agent(admin: Person, username: str) -> str:
    rows = token_rows(admin, username)
    return next(row.text for row in rows if "Demo Agent" in row.text)


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say what the agent signs in with; the right one unless a test says otherwise."""
    monkeypatch.setenv("AGENT_PASSWORD", PASSWORD)
    return lambda text: monkeypatch.setenv("AGENT_PASSWORD", text)


@pytest.mark.usefixtures("password")
def test_one_round_ends_well_and_hands_the_token_back(
    site: Site, admin: Person
) -> None:
    code, words = _run(site.mcp_url, Heard(), "--as", "editor", "--once")

    assert code == 0
    assert " tools: whoami, list_models" in words
    assert "Changed the price of Enamel Kettle" in words
    assert "handed back" in words
    assert "Revoked" in _row_of_agent(admin, "editor")


@pytest.mark.usefixtures("password")
def test_the_history_of_the_repriced_product_names_the_agent(
    site: Site, editor: Person
) -> None:
    _, words = _run(site.mcp_url, Heard(), "--as", "editor", "--once")

    [address] = re.findall(r"names this agent: (\S+)", words)
    assert "Demo Agent" in editor.get(address).text


@pytest.mark.usefixtures("password")
def test_disabling_the_user_ends_it_with_the_reason(site: Site, admin: Person) -> None:
    disable = functools.partial(set_access, admin, "editor", "disabled")
    code, words = _run(site.mcp_url, Heard("ms)", disable), "--as", "editor")

    set_access(admin, "editor", "enabled")

    assert code == 1
    assert re.search(r"401: revoked by admin at \d\d:\d\d \(MCP access was dis", words)
    assert "refresh token is dead too (400 invalid_grant)" in words


@pytest.mark.usefixtures("password")
def test_an_agent_that_may_only_read_changes_no_price(site: Site) -> None:
    arguments = ("--as", "viewer", "--level", "read", "--once")
    code, words = _run(site.mcp_url, Heard(), *arguments)

    assert code == 0
    assert "may only read: no price is changed" in words


@pytest.mark.usefixtures("password")
def test_a_level_that_the_account_cannot_give_is_told(site: Site) -> None:
    code, words = _run(site.mcp_url, Heard(), "--as", "viewer", "--level", "write")

    assert code == 4
    assert "does not offer 'write' to viewer" in words


def test_a_wrong_password_is_told(site: Site, password: Callable[[str], None]) -> None:
    password("wrong")

    code, words = _run(site.mcp_url, Heard(), "--as", "editor")

    assert code == 4
    assert "refuses editor with this password" in words


@pytest.mark.usefixtures("password")
def test_an_account_that_is_not_enabled_is_told_why(site: Site) -> None:
    code, words = _run(site.mcp_url, Heard(), "--as", "newcomer")

    assert code == 4
    assert "The site says: " in words


def test_a_person_who_denies_is_taken_at_their_word(
    site: Site, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(url: str) -> None:
        page, form = editor.consent_page(url)
        answer = editor.post(page, form, level="read", decision="deny")
        httpx.get(answer.headers["Location"])

    monkeypatch.setenv("BROWSER", "a browser")
    monkeypatch.setattr("webbrowser.open", deny)

    code, words = _run(site.mcp_url, Heard())

    assert code == 4
    assert "press Authorize" in words
    assert "Access was denied" in words


def test_without_a_server_it_says_how_to_start_one() -> None:
    code, words = _run("http://127.0.0.1:1/mcp", Heard())

    assert code == 3
    assert "Nothing answers at http://127.0.0.1:1/mcp" in words
    assert "make demo" in words


def test_what_is_no_mcp_server_is_told_apart(site: Site) -> None:
    code, words = _run(f"{site.url}/admin/login/", Heard())

    assert code == 3
    assert "answered 200 without asking for a sign-in" in words
