"""`python -m panel.demo`: what it says, and what it does before it serves."""

from __future__ import annotations

import io
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django.fixtures import Settings

from panel.demo.management.commands import demo
from panel.demo.port import HOST, PortUnusable, claim_port
from panel.demo.terminal import welcome_lines


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Return a port that somebody listens on."""
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_a_free_port_is_given(free_port: int) -> None:
    assert claim_port(str(free_port)) == free_port


def test_a_taken_port_is_refused_with_another_to_try(taken_port: int) -> None:
    with pytest.raises(PortUnusable) as refusal:
        claim_port(str(taken_port))

    assert f"Port {taken_port} is taken" in str(refusal.value)
    assert f"PORT={taken_port + 1} make demo" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80a", "８０００"])  # noqa: RUF001  # wide digits
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(PortUnusable, match="from 1 to 65535"):
        claim_port(text)


def test_a_taken_port_ends_the_demo_before_anything_is_written(
    taken_port: int, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PORT = str(taken_port)

    with pytest.raises(SystemExit) as end:
        call_command("demo")

    assert end.value.code == 1
    assert f"Port {taken_port} is taken" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_demo_is_filled_and_served_at_its_port(
    free_port: int,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.PORT = str(free_port)
    settings.STATIC_ROOT = tmp_path
    monkeypatch.setenv("DEMO_ADMIN_PASSWORD", "open sesame")
    started: list[list[str]] = []
    monkeypatch.setattr(
        os, "execv", lambda _program, arguments: started.append(arguments)
    )
    mailers: list[bool] = []
    monkeypatch.setattr(demo, "start_mailer", lambda: mailers.append(True))

    call_command("demo")

    (arguments,) = started
    assert mailers == [True]
    assert f"{HOST}:{free_port}" in arguments
    assert User.objects.get(username="admin").check_password("open sesame")
    assert "open sesame" in capsys.readouterr().out
    assert "open sesame" not in " ".join(arguments)


def test_the_terminal_names_addresses_and_accounts() -> None:
    lines = welcome_lines(
        url="http://127.0.0.1:8000", password="demo", stream=io.StringIO()
    )

    text = "\n".join(lines)
    assert "http://127.0.0.1:8000/admin/" in text
    assert "http://127.0.0.1:8000/mcp" in text
    for word in ("admin", "editor", "viewer", "newcomer", "make agent"):
        assert word in text
    assert "\033" not in text


def test_a_terminal_gets_colours_unless_it_declines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "http://127.0.0.1:8000"
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = welcome_lines(url=url, password="demo", stream=Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    plain = welcome_lines(url=url, password="demo", stream=Terminal())

    assert "\033" in "".join(coloured)
    assert "\033" not in "".join(plain)
