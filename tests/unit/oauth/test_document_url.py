"""Which URLs can be a client id."""

from __future__ import annotations

import pytest

from agent_connector.oauth.document_url import place_of_document


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (
            "https://claude.ai/oauth/claude-code-client-metadata",
            ("claude.ai", "/oauth/claude-code-client-metadata"),
        ),
        (
            "https://a-b.c.example/x/..y/.well-known/z..?a=/../&b=%20",
            ("a-b.c.example", "/x/..y/.well-known/z..?a=/../&b=%20"),
        ),
        ("https://xn--mnchen-3ya.example/~x/", ("xn--mnchen-3ya.example", "/~x/")),
        (
            "https://c.example/" + "x" * 494,
            ("c.example", "/" + "x" * 494),
        ),
    ],
)
def test_an_https_url_with_a_name_and_a_path_can(
    url: str, place: tuple[str, str]
) -> None:
    assert place_of_document(url) == place


@pytest.mark.spec("attacks", "14")
@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "https://", "https:///x", "//c.example/x", "c.example/x"),
        *("http://c.example/x", "ftp://c.example/x", "file:///etc/passwd"),
        *("HTTPS://c.example/x", "Https://c.example/x", " https://c.example/x"),
        *("https:/c.example/x", "https:c.example/x", "https:\\\\c.example\\x"),
        *("https://user@c.example/x", "https://user:pw@c.example/x", "https://@c.ex/x"),
        *("https://c.example/x#", "https://c.example/x#y", "https://c.example#/x"),
        *("https://c.example", "https://c.example/", "https://c.example?x"),
        *("https://c.example/?x", "https://c.example/#x"),
        *("https://c.example/.", "https://c.example/..", "https://c.example/a/../x"),
        *("https://c.example/a/./x", "https://c.example/%2e%2e/x", "https://c.ex/%2E"),
        *("https://c.example/a/.%2e?x", "https://c.example/..?x"),
        *("https://c.example:443/x", "https://c.example:/x", "https://c.example:0/x"),
        *("https://c.example:8443/x", "https://c.example:99999/x"),
        *("https://C.example/x", "https://c.example./x", "https://.c.example/x"),
        *("https://c..example/x", "https://-c.example/x", "https://c-.example/x"),
        *("https://localhost/x", "https://intranet/x", "https://c_d.example/x"),
        *("https://127.0.0.1/x", "https://93.184.216.34/x", "https://[::1]/x"),
        *("https://2130706433/x", "https://0x7f000001/x", "https://0177.0.0.1/x"),
        *("https://127.1/x", "https://0x7f.1/x", "https://1.2.3.0x4/x"),
        *("https://①②⑦.⓪.⓪.①/x", "https://münchen.example/x", "https://c。example/x"),
        *("https://c.example/ü", "https://c.example/a b", "https://c.example/a\\b"),
        *("https://c.example/a\r\nX: y", "https://c.example/a\n", "https://c.ex/\x00"),
        *('https://c.example/"', "https://c.example/<x>", "https://c.example/{x}"),
        "https://c.example/" + "x" * 495,
        "https://" + "x" * 64 + ".example/x",
        "https://" + "x." * 124 + "example/x",
    ],
)
def test_nothing_else_can(url: str) -> None:
    assert place_of_document(url) is None
