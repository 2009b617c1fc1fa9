"""Each cure on its own: Python that says what it should, nginx that stays whole."""

from __future__ import annotations

import shlex

import pytest

from agent_connector.doctor import fixes
from tests.commands import run


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (fixes.SITE_URL, "AGENT_CONNECTOR", {"SITE_URL": "https://example.com"}),
        (
            fixes.site_url("https://shop.example"),
            "AGENT_CONNECTOR",
            {"SITE_URL": "https://shop.example"},
        ),
        (fixes.trusted_proxies(2), "AGENT_CONNECTOR", {"TRUSTED_PROXIES": 2}),
        (fixes.allowed_host("shop.example"), "ALLOWED_HOSTS", ["shop.example"]),
        (
            fixes.SSL_HEADER,
            "SECURE_PROXY_SSL_HEADER",
            ("HTTP_X_FORWARDED_PROTO", "https"),
        ),
    ],
)
def test_a_line_of_settings_sets_what_it_names(
    line: str, name: str, value: object
) -> None:
    names: dict[str, object] = {}

    exec(line, names)  # noqa: S102  # our own lines

    assert names[name] == value


@pytest.mark.parametrize(
    ("lines", "options"),
    [
        (fixes.SQLITE_WAL, {"init_command": "PRAGMA journal_mode=WAL"}),
        (fixes.SQLITE_WAIT, {"timeout": 20}),
        (fixes.SQLITE_IMMEDIATE, {"transaction_mode": "IMMEDIATE"}),
    ],
)
def test_a_line_for_databases_fits_into_its_dictionary(
    lines: str, options: dict[str, object]
) -> None:
    names: dict[str, object] = {}

    exec(f"entry = {{{lines}}}", names)  # noqa: S102  # our own lines

    assert names["entry"] == {"OPTIONS": options}


@pytest.mark.parametrize(
    "lines",
    [fixes.location("/"), fixes.REDIRECT.format(host="a.example")],
    ids=["location", "redirect"],
)
def test_a_block_of_nginx_is_closed_and_each_line_ended(lines: str) -> None:
    first, *inner, last = lines.splitlines()

    assert first.endswith(" {")
    assert last == "}"
    assert inner
    assert all(line.startswith("    ") and line.endswith(";") for line in inner)


@pytest.mark.parametrize("command", [fixes.SWITCH_ON, fixes.COMMAND_AS])
def test_a_command_is_one_that_there_is(command: str) -> None:
    python, manage, app, *words = shlex.split(command)

    assert (python, manage, app) == ("python", "manage.py", "agent_connector")
    assert run(*words, "--help").code == 0
