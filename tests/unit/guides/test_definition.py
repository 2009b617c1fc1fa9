"""What a guide is, and the server that it is filled in for."""

from __future__ import annotations

import pytest

from agent_connector.guides.definition import (
    CANNOT_REACH,
    NEEDS_HTTPS,
    NOT_ENCRYPTED,
    Guide,
    Server,
    as_command,
    fill,
    server_at,
    warnings_of,
)


def _server(url: str) -> Server:
    return Server(url=url, name="shop")


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://127.0.0.1:8000/mcp", True),
        ("http://localhost/mcp", True),
        ("http://shop.localhost/mcp", True),
        ("http://[::1]:8000/mcp", True),
        ("https://10.0.0.7/mcp", True),
        ("https://192.168.1.4/mcp", True),
        ("https://intranet/mcp", True),
        ("https://nas.local/mcp", True),
        ("https://example.com/mcp", False),
        ("https://8.8.8.8/mcp", False),
    ],
)
def test_a_local_address_is_recognised(url: str, is_local: bool) -> None:  # noqa: FBT001
    assert _server(url).is_local is is_local


def test_a_hosted_product_is_warned_off_what_it_cannot_reach() -> None:
    hosted = Guide(key="x", title="X", is_hosted=True)

    assert warnings_of(hosted, _server("https://localhost/mcp")) == (CANNOT_REACH,)
    assert warnings_of(hosted, _server("http://example.com/mcp")) == (NEEDS_HTTPS,)
    assert warnings_of(hosted, _server("https://example.com/mcp")) == ()


def test_a_program_on_the_own_computer_may_use_a_local_address() -> None:
    local = Guide(key="x", title="X")

    assert warnings_of(local, _server("http://127.0.0.1/mcp")) == ()
    assert warnings_of(local, _server("http://example.com/mcp")) == (NOT_ENCRYPTED,)


@pytest.mark.parametrize(
    ("url", "title", "name"),
    [
        ("https://x.example/mcp", "Harbour & Pine", "harbour-pine"),
        ("https://shop.example.com/mcp", "", "shop-example-com"),
        ("https://shop.example.com:8443/mcp", "", "shop-example-com-8443"),
        ("https://3d.example.com/mcp", "", "3d-example-com"),
        ("http://localhost:8000/mcp", "", "localhost-8000"),
        ("http://127.0.0.1:8000/mcp", "", "admin-8000"),
        ("https://192.0.2.7/mcp", "", "admin"),
        ("https://example.com/mcp", "管理", "example-com"),
        ("http://[::1]/mcp", "…", "admin"),
    ],
)
def test_the_server_gets_a_name_that_every_client_takes(
    url: str, title: str, name: str
) -> None:
    assert server_at(url, title=title).name == name


def test_a_command_is_safe_to_paste_into_a_shell() -> None:
    assert as_command("add", "a b", "$(x)") == "add 'a b' '$(x)'"


def test_a_guide_may_have_nothing_but_its_name() -> None:
    filled = fill(Guide(key="x", title="X"), _server("https://example.com/mcp"))

    assert (filled.command, filled.manual_text, filled.steps) == ("", "", ())


def test_pieces_of_an_address_make_the_whole() -> None:
    server = _server("https://example.com/mcp")

    assert "".join(server.authorize_url_parts) == server.authorize_url
    assert server.authorize_url_parts[:3] == ["https://", "example.com/", "mcp/"]
