"""Redirect URIs, registered and matched."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from agent_connector.oauth.redirects import (
    MAX_URI_CHARACTERS,
    fault_of,
    is_web,
    matches,
    place_of,
    stays_here,
    with_parameters,
)


@pytest.mark.spec("RFC 8252", "7")
@pytest.mark.parametrize(
    "uri",
    [
        "https://claude.ai/api/mcp/auth_callback",
        "https://chatgpt.com/connector/oauth/a1B2",
        "https://vscode.dev/redirect",
        "https://example.com:8443/cb?x=1",
        "https://example.com",
        "http://127.0.0.1/",
        "http://127.0.0.1:33418/",
        "http://localhost/callback",
        "http://localhost:6274/oauth/callback?x=1",
        "http://[::1]:8080/cb",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "vscode://vscode.example/cb",
        "vscode-insiders://vscode.example/cb",
        "windsurf://codeium.windsurf/oauth/callback",
        "zed://oauth/callback",
        "com.example.app:/oauth2redirect",
        "com.example.app://callback",
        "io.github.my-app.desktop:/cb",
    ],
)
def test_what_real_clients_register_is_allowed(uri: str) -> None:
    assert fault_of(uri) == ""


@pytest.mark.spec("attacks", "5")
@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "JavaScript://example.com/",
        "data:text/html,x",
        "data://example.com/x",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "file://host/x",
        "blob:https://example.com/1",
        "about:blank",
        "ms-msdt:/id",
        "ms-word://example.com/x",
        "ms-settings://x/y",
        "microsoft-edge://x/y",
        "microsoft.windows.camera://x/y",
        "search-ms://x/y",
        "shortcuts://run-shortcut/x",
        "com.apple.example://x/y",
        "x-apple.systempreferences://x/y",
        "x-man-page://x/y",
        "itms-services://x/y",
        "jnlp://x/y",
        "steam://run/1",
        "vnc://host/",
        "git+ssh://host/x",
        "com.example+ssh://host/x",
        "unheard-of://callback/x",
        "a.b://host/x",
        "com..example://host/x",
        "com.example.:/x",
        "ws://example.com/",
        "ftp://example.com/",
        "mailto:a@example.com",
        "http://example.com/cb",
        "http://127.0.0.2/cb",
        "http://127.0.0.1.example.com/cb",
        "http://localhost.example.com/cb",
        "http://2130706433/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://LOCALHOST/cb",
        "https://example.com/cb#fragment",
        "https://example.com/cb#",
        "https://user@example.com/cb",
        "https://user:password@example.com/cb",
        "https://example.com@evil.example/",
        "http://127.0.0.1:80@evil.example/",
        "https://example.com/a b",
        "https://example.com/\n",
        "https://example.com/\x00",
        "https://example.com/\t",
        "https://example.com\\@evil.example/",
        "https://exämple.com/",
        'https://example.com/"><script>',
        "https:///cb",
        "https://",
        "https:example.com",
        "https://exa%6Dple.com/",
        "https://-example.com/",
        "https://example.com:99999/",
        "https://example.com:port/",
        "https://[::1/cb",
        "https://[fe80::1%25eth0]/",
        "https://a:/",
        "cursor://callback:/",
        "https://a..b/",
        "https://a./",
        "https://a-.example/",
        "wyciwyg://x",
        "cursor:callback",
        "cursor:///callback",
        "cursor://",
        "com.example.app:callback",
        "com.example.app://",
        "/callback",
        "//example.com/cb",
        "callback",
        "",
        ":",
        "://example.com",
        "1a://example.com",
        "https://example.com/" + "a" * MAX_URI_CHARACTERS,
    ],
)
def test_what_could_lead_elsewhere_is_not(uri: str) -> None:
    assert fault_of(uri)


@pytest.mark.spec("RFC 9700", "2.1")
@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/cb/",
        "https://example.com/c",
        "https://example.com/cb2",
        "https://example.com/cb?x=1",
        "https://example.com/cb?",
        "https://example.com:443/cb",
        "https://example.com:8443/cb",
        "https://EXAMPLE.com/cb",
        "HTTPS://example.com/cb",
        "https://example.com/CB",
        "https://example.com/%63b",
        "https://example.com/x/../cb",
        "https://example.com.evil.example/cb",
        "https://evil.example/cb",
        "https://a.example.com/cb",
        "http://example.com/cb",
        "https://example.com/cb ",
        "",
    ],
)
def test_a_near_miss_is_no_match(uri: str) -> None:
    assert matches("https://example.com/cb", registered=["https://example.com/cb"])
    assert not matches(uri, registered=["https://example.com/cb"])


@pytest.mark.spec("RFC 8252", "7.3")
@pytest.mark.parametrize(
    ("registered", "uri"),
    [
        ("http://localhost/callback", "http://localhost:52100/callback"),
        ("http://127.0.0.1:33418/", "http://127.0.0.1:9/"),
        ("http://127.0.0.1:33418/", "http://127.0.0.1/"),
        ("http://[::1]/cb?x=1", "http://[::1]:65535/cb?x=1"),
        ("http://127.0.0.1", "http://127.0.0.1:8080"),
    ],
)
def test_on_loopback_only_the_port_may_differ(registered: str, uri: str) -> None:
    assert matches(uri, registered=["https://example.com/", registered])


@pytest.mark.spec("RFC 8252", "7.3")
@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:1/cb",
        "http://[::1]:1/cb",
        "http://127.0.0.1:1/cb/",
        "http://127.0.0.1:1/other",
        "http://127.0.0.1:1/cb?x=1",
        "http://127.0.0.1:1/cb#x",
        "http://127.0.0.1:1",
        "https://127.0.0.1:1/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:999999/cb",
        "http://127.0.0.1:1a/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:1@evil.example/cb",
        "http://127.0.0.1.evil.example:1/cb",
        "http://127.0.0.1:1\n/cb",
    ],
)
def test_on_loopback_all_else_must_be_equal(uri: str) -> None:
    assert not matches(uri, registered=["http://127.0.0.1/cb"])


@pytest.mark.parametrize(("port", "fits"), [(0, False), (1, True), (65536, False)])
def test_on_loopback_the_port_may_be_any_that_exists(port: int, *, fits: bool) -> None:
    uri = f"http://127.0.0.1:{port}/cb"

    assert matches(uri, registered=["http://127.0.0.1/cb"]) is fits


@pytest.mark.parametrize("uri", ["HTTPS://example.com/cb", "example"])
def test_a_uri_begins_with_a_scheme_in_lower_case(uri: str) -> None:
    assert "scheme in lower case" in fault_of(uri)


def test_a_uri_may_have_two_thousand_characters() -> None:
    uri = "https://example.com/".ljust(2000, "x")

    assert fault_of(uri) == ""
    assert "longer" in fault_of(uri + "x")


def test_no_port_is_free_beyond_loopback() -> None:
    assert not matches("cursor://x:2/cb", registered=["cursor://x:1/cb"])


@pytest.mark.parametrize(
    ("uri", "place", "here", "web"),
    [
        ("https://chatgpt.com/connector/x", "chatgpt.com", False, True),
        ("https://example.com:8443/cb", "example.com:8443", False, True),
        ("http://127.0.0.1:33418/cb", "http://127.0.0.1:33418", True, True),
        ("http://localhost:33418/cb", "http://localhost:33418", True, True),
        ("http://[::1]:8080/cb", "http://[::1]:8080", True, True),
        (
            "cursor://anysphere.cursor-mcp/cb",
            "cursor://anysphere.cursor-mcp",
            True,
            False,
        ),
        ("com.example.app:/cb", "com.example.app:", True, False),
    ],
)
def test_a_person_is_told_where_the_answer_goes(
    uri: str,
    place: str,
    here: bool,  # noqa: FBT001  # a table
    web: bool,  # noqa: FBT001  # a table
) -> None:
    assert place_of(uri) == place
    assert stays_here(uri) is here
    assert is_web(uri) is web


@pytest.mark.spec("RFC 6749", "3.1.2")
def test_parameters_join_the_registered_query_and_cannot_leave_it() -> None:
    url = with_parameters("https://example.com/cb?x=1", {"state": "a&b=c#d\r\né ü"})

    assert url.startswith("https://example.com/cb?x=1&state=")
    assert url.isascii()
    assert not set("#\r\n ") & set(url)
    assert parse_qs(urlsplit(url).query)["state"] == ["a&b=c#d\r\né ü"]
    assert (
        with_parameters("https://example.com", {"a": "b c/d"})
        == "https://example.com?a=b%20c%2Fd"
    )


@pytest.mark.spec("attacks", "5")
@pytest.mark.parametrize(
    "scheme",
    [
        *("about", "blob", "data", "file", "filesystem", "javascript", "vbscript"),
        *("jar", "intent", "view-source", "chrome", "resource", "livescript"),
        *("ftp", "ftps", "sftp", "ssh", "telnet", "gopher", "ldap", "ldaps", "smb"),
        *("mailto", "tel", "sms", "sip", "sips", "news", "nntp", "irc", "ircs"),
        *("ws", "wss", "mhtml", "mk", "res", "shell", "hcp", "help", "search"),
        *("wyciwyg", "ms-word", "chrome-extension", "moz-extension", "search-ms"),
        "x-apple.systempreferences",
    ],
)
def test_a_scheme_that_is_not_one_programs_own_is_refused(scheme: str) -> None:
    assert fault_of(f"{scheme}://program.example/cb")
