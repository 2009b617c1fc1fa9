"""Other people's OAuth clients go the whole way: Authlib's, oauthlib's, FastMCP's.

Each discovers or is told the endpoints, has its person consent, exchanges the code
with PKCE, calls a tool, refreshes and signs out.
"""

from __future__ import annotations

import asyncio
import threading
import webbrowser
from typing import Any

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from fastmcp import Client
from fastmcp.client.auth import OAuth
from oauthlib.oauth2 import InvalidGrantError, WebApplicationClient

from tests.factories import REDIRECT_URI
from tests.http.person import Person
from tests.http.sending import TIMEOUT_SECONDS
from tests.http.server import Site
from tests.http.wire import MCP_HEADERS, post_call

SCOPE = "read write"
WHOAMI = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "whoami", "arguments": {}},
}


def _discover(site: Site) -> dict[str, Any]:
    """Go from the 401 to the authorization server's document, as RFC 9728 says."""
    challenge = httpx.post(site.mcp_url, json=WHOAMI).headers["WWW-Authenticate"]
    assert f'resource_metadata="{site.metadata_url}"' in challenge
    [issuer] = httpx.get(site.metadata_url).json()["authorization_servers"]
    document = httpx.get(f"{issuer}/.well-known/oauth-authorization-server").json()
    assert document["issuer"] == issuer
    return dict(document)


def _register(server: dict[str, Any], name: str, method: str) -> dict[str, Any]:
    answer = httpx.post(
        server["registration_endpoint"],
        json={
            "client_name": name,
            "redirect_uris": [REDIRECT_URI],
            "token_endpoint_auth_method": method,
        },
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


def _consent(person: Person, url: str) -> str:
    """Press Authorize, and return the address with which the client is called back."""
    page, form = person.consent_page(url)
    answer = person.post(page, form, level="write", decision="allow")
    return answer.headers["Location"]


def _is_cut(site: Site, access: str) -> bool:
    return post_call(site, access).status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize(
    "method", ["none", "client_secret_basic", "client_secret_post"]
)
def test_authlib_goes_the_whole_way(site: Site, editor: Person, method: str) -> None:
    server = _discover(site)
    known = _register(server, f"Authlib ({method})", method)
    method = known["token_endpoint_auth_method"]  # the server has the last word
    client = OAuth2Client(
        known["client_id"],
        known.get("client_secret"),
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        scope=SCOPE,
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
        timeout=TIMEOUT_SECONDS,
    )
    with client:
        verifier = "authlib-" * 8
        url, state = client.create_authorization_url(
            server["authorization_endpoint"],
            code_verifier=verifier,
            resource=site.mcp_url,
        )
        first = dict(
            client.fetch_token(
                server["token_endpoint"],
                authorization_response=_consent(editor, url),
                state=state,
                code_verifier=verifier,
                resource=site.mcp_url,
            )
        )
        called = client.post(site.mcp_url, json=WHOAMI, headers=MCP_HEADERS)
        second = dict(
            client.refresh_token(server["token_endpoint"], resource=site.mcp_url)
        )
        again = client.post(site.mcp_url, json=WHOAMI, headers=MCP_HEADERS)
        revoked = client.revoke_token(
            server["revocation_endpoint"], second["refresh_token"]
        )
        after = httpx.post(
            site.mcp_url,
            json=WHOAMI,
            headers={
                **MCP_HEADERS,
                "Authorization": f"Bearer {second['access_token']}",
            },
        )

    site.secrets.extend([first["access_token"], first["refresh_token"]])
    site.secrets.extend([second["access_token"], second["refresh_token"]])
    assert called.status_code == again.status_code == httpx.codes.OK
    assert "editor" in called.text
    assert second["refresh_token"] != first["refresh_token"]
    assert revoked.status_code == httpx.codes.OK
    assert after.status_code == httpx.codes.UNAUTHORIZED
    assert _is_cut(site, first["access_token"])


def test_oauthlib_goes_the_whole_way(
    site: Site, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # loopback has no https
    server = _discover(site)
    known = _register(server, "oauthlib", "none")
    client = WebApplicationClient(known["client_id"])
    verifier = client.create_code_verifier(64)
    url = client.prepare_request_uri(
        server["authorization_endpoint"],
        redirect_uri=REDIRECT_URI,
        scope=SCOPE.split(),
        state="a state",
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        resource=site.mcp_url,
    )

    answered = client.parse_request_uri_response(_consent(editor, url), "a state")
    body = client.prepare_request_body(
        code=answered["code"],
        redirect_uri=REDIRECT_URI,
        code_verifier=verifier,
        resource=site.mcp_url,
    )
    first = dict(client.parse_request_body_response(_post(server, body)))
    target, headers, _ = client.add_token(site.mcp_url, "POST", headers=MCP_HEADERS)
    called = httpx.post(target, json=WHOAMI, headers=headers)
    refresh = client.prepare_refresh_body(
        client_id=client.client_id, scope=SCOPE.split(), resource=site.mcp_url
    )
    second = dict(client.parse_request_body_response(_post(server, refresh)))
    endpoint, headers, body = client.prepare_token_revocation_request(
        server["revocation_endpoint"],
        second["access_token"],
        "access_token",
        client_id=client.client_id,
    )
    revoked = httpx.post(endpoint, headers=headers, content=body)

    site.secrets.extend(
        [first["access_token"], first["refresh_token"], answered["code"]]
    )
    site.secrets.extend([second["access_token"], second["refresh_token"]])
    assert "editor" in called.text
    assert second["refresh_token"] != first["refresh_token"]
    assert revoked.status_code == httpx.codes.OK
    assert _is_cut(site, second["access_token"])
    last = client.prepare_refresh_body(client_id=client.client_id)
    with pytest.raises(InvalidGrantError):
        client.parse_request_body_response(_post(server, last))


def _post(server: dict[str, Any], body: str) -> str:
    """Post the form that oauthlib wrote to the token endpoint."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return httpx.post(server["token_endpoint"], content=body, headers=form).text


class _Browser:
    """Opens a page for the person in a thread, as a browser is another process."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.opened = 0

    def open(self, url: str) -> bool:
        self.opened += 1
        threading.Thread(target=self._visit, args=[url]).start()
        return True

    def _visit(self, url: str) -> None:
        back = _consent(self.person, url)
        transport = httpx.HTTPTransport(retries=8)  # until the client listens
        with httpx.Client(transport=transport, timeout=TIMEOUT_SECONDS) as browser:
            browser.get(back)


@pytest.mark.filterwarnings("ignore:Using in-memory token storage")
def test_fastmcp_goes_the_whole_way(
    site: Site, editor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = _Browser(editor)
    monkeypatch.setattr(webbrowser, "open", browser.open)
    auth = OAuth(callback_host="127.0.0.1", callback_timeout=TIMEOUT_SECONDS)

    async def whoami() -> dict[str, Any]:
        async with Client(site.mcp_url, auth=auth) as client:
            answer = await client.call_tool("whoami", {})
        return dict(answer.structured_content or {})

    async def use() -> list[Any]:
        called, first = await whoami(), auth.context.current_tokens
        auth.context.token_expiry_time = 1  # long ago: it has to refresh
        again, second = await whoami(), auth.context.current_tokens
        return [called, first, again, second]

    called, first, again, second = asyncio.run(use())
    client = auth.context.client_info
    assert client is not None
    revoked = httpx.post(
        _discover(site)["revocation_endpoint"],  # FastMCP has no call for it
        data={"token": second.refresh_token, "client_id": str(client.client_id)},
    )

    site.secrets.extend([first.access_token, first.refresh_token])
    site.secrets.extend([second.access_token, second.refresh_token])
    assert called["site"].pop("now") <= again["site"].pop("now")
    assert called == again
    assert "editor" in str(called)
    assert browser.opened == 1
    assert second.refresh_token != first.refresh_token
    assert revoked.status_code == httpx.codes.OK
    assert _is_cut(site, second.access_token)
