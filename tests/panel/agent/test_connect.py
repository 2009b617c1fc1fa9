"""What the agent asks for, and whether it opens a browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from panel.agent.connect import can_open_browser, narrow_scope

URL = "http://site/mcp/oauth/authorize?client_id=a+b&scope=read+write+delete&state=s"


@pytest.mark.parametrize(
    ("level", "scope"),
    [
        ("", "read write delete"),
        ("read", "read"),
        ("write", "read write"),
        ("delete", "read write delete"),
    ],
)
def test_a_level_asks_for_itself_and_what_it_includes(level: str, scope: str) -> None:
    query = parse_qs(urlsplit(narrow_scope(URL, level)).query)

    assert query == {"client_id": ["a b"], "scope": [scope], "state": ["s"]}


@pytest.mark.parametrize(
    ("environment", "platform", "opens"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({}, "darwin", True),
    ],
)
def test_a_browser_is_opened_only_where_it_has_a_screen(
    environment: dict[str, str], platform: str, *, opens: bool
) -> None:
    assert can_open_browser(environment, platform=platform) is opens
