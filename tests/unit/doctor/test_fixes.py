"""What is copied: whole lines, with the site's own facts in them."""

from __future__ import annotations

from agent_connector.doctor import fixes


def test_a_place_is_handed_on_unchanged_with_all_that_django_needs() -> None:
    lines = fixes.location("= /mcp")

    assert lines.startswith("location = /mcp {")
    assert "proxy_pass http://127.0.0.1:8000;" in lines  # without a path behind it
    for header in ("Host", "X-Forwarded-Proto", "X-Forwarded-For"):
        assert f"proxy_set_header {header} " in lines


def test_settings_are_lines_of_python() -> None:
    lines = [
        fixes.site_url("https://shop.example"),
        fixes.trusted_proxies(1),
        fixes.allowed_host("shop.example"),
        fixes.REGISTRATION,
        fixes.SSL_HEADER,
    ]
    names: dict[str, object] = {}

    for line in lines:
        exec(line, names)  # noqa: S102  # our own lines

    assert names["ALLOWED_HOSTS"] == ["shop.example"]
    assert names["AGENT_CONNECTOR"] == {"DYNAMIC_CLIENT_REGISTRATION": True}


def test_the_redirect_names_the_host_and_keeps_the_path() -> None:
    lines = fixes.REDIRECT.format(host="shop.example")

    assert "server_name shop.example;" in lines
    assert "return 301 https://$host$request_uri;" in lines
