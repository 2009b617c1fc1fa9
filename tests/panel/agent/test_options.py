"""The command line of the agent."""

from __future__ import annotations

import pytest

from panel.agent.options import Options, parse_options


def test_without_arguments_the_running_demo_is_meant() -> None:
    assert parse_options([], environment={}).url == "http://127.0.0.1:8000/mcp"


def test_the_environment_names_another_port_or_another_server() -> None:
    port = {"PORT": "8123"}
    server = {**port, "MCP_URL": "https://example.com/mcp"}

    assert parse_options([], environment=port).url == "http://127.0.0.1:8123/mcp"
    assert parse_options([], environment=server).url == "https://example.com/mcp"


def test_every_option_is_taken_over() -> None:
    options = parse_options(
        ["--as", "editor", "--level", "read", "--once", "--no-browser"],
        environment={"AGENT_PASSWORD": "secret"},
    )

    assert options == Options(
        url="http://127.0.0.1:8000/mcp",
        level="read",
        once=True,
        open_browser=False,
        username="editor",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--as", "editor"], id="no password in the environment"),
        pytest.param(["--url", "ftp://example.com"], id="not http"),
        pytest.param(["--level", "everything"], id="no such level"),
        pytest.param(["--password", "secret"], id="never on the command line"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_a_reason(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        parse_options(arguments, environment={})

    assert stop.value.code == 2
    assert "error:" in capsys.readouterr().err
