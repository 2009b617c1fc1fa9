"""The same attacks on our authorization server and on the yardstick, as a table.

Only cases that any server can be asked, under the numbers of the list of attacks. What
a server does not offer at all does not count against it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories import REDIRECT_URI
from tests.http.person import Person
from tests.http.server import running_site
from tests.http.wire import at_once, from_afar
from tests.peers.target import Target, told, yardstick

pytestmark = pytest.mark.bench

OTHER = "https://client.example/callback"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _refuses_uris(at: Target, *uris: str) -> bool:
    return all(at.register(redirect_uris=[uri]).status_code == 400 for uri in uris)


def _refuses_metadata(at: Target, *bodies: bytes) -> bool:
    answers = [at.post("register", content=body, headers=JSON) for body in bodies]
    return all(answer.status_code == 400 for answer in answers)


def _stays_here(at: Target, **changes: Any) -> bool:
    answer = at.authorize(at.client(), **changes)
    return answer.status_code == 400 and "Location" not in answer.headers


def _tells(at: Target, error: str, extra: str = "", **changes: Any) -> bool:
    answer = told(at.authorize(at.client(), extra, **changes))
    return answer.get("error") == error and {"iss", "state"} <= answer.keys()


def _header(at: Target, name: str) -> str:
    return str(at.authorize(at.client()).headers.get(name, ""))


def _code_refused(at: Target, **changes: str) -> bool:
    client = at.client()
    return at.exchange(client, at.code(client), **changes).status_code == 400


def _replay_ends_all(at: Target) -> bool:
    client = at.client()
    code = at.code(client)
    access = at.exchange(client, code).json()["access_token"]
    return at.exchange(client, code).status_code == 400 and _is_dead(at, access)


def _is_dead(at: Target, access: str) -> bool:
    return at.call(access).status_code == 401


def _wrong_verifier_burns(at: Target) -> bool:
    client = at.client()
    code = at.code(client)
    at.exchange(client, code, code_verifier="w" * 43)
    return at.exchange(client, code).status_code == 400


def _parallel_codes(at: Target) -> bool:
    client = at.client()
    code = at.code(client)
    answers = [
        one.status_code for one in at_once(12, lambda: at.exchange(client, code))
    ]
    return answers.count(200) <= 1 and max(answers) < 500


def _parallel_refreshes(at: Target) -> bool:
    client = at.client()
    token = at.pair(client)["refresh_token"]
    answers = at_once(8, lambda: at.refresh(client, token))
    pairs = {one.json().get("refresh_token") for one in answers}
    return all(one.status_code == 200 for one in answers) and len(pairs) == 1


def _reuse_ends_all(at: Target) -> bool:
    client = at.client()
    first = at.pair(client)
    second = at.refresh(client, first["refresh_token"]).json()
    third = at.refresh(client, second["refresh_token"]).json()
    at.refresh(client, first["refresh_token"])
    return _is_dead(at, third["access_token"])


def _foreign_refresh(at: Target) -> bool:
    mine, other = at.client(), at.client()
    token = at.pair(mine)["refresh_token"]
    refused = at.refresh(other, token).status_code == 400
    return refused and at.refresh(mine, token).status_code == 200


def _wider(at: Target) -> bool:
    client = at.client()
    token = at.pair(client)["refresh_token"]
    refused = at.refresh(client, token, scope="read write delete").status_code == 400
    return refused and at.refresh(client, token).status_code == 200


def _foreign_revoke(at: Target) -> bool:
    mine, other = at.client(), at.client()
    pair = at.pair(mine)
    at.post("revoke", data={"client_id": other, "token": pair["refresh_token"]})
    return not _is_dead(at, pair["access_token"])


def _revoke_of_access(at: Target) -> bool:
    client = at.client()
    pair = at.pair(client)
    at.post("revoke", data={"client_id": client, "token": pair["access_token"]})
    return at.refresh(client, pair["refresh_token"]).status_code == 400


def _revoke_of_refresh(at: Target) -> bool:
    client = at.client()
    pair = at.pair(client)
    at.post("revoke", data={"client_id": client, "token": pair["refresh_token"]})
    return all(_is_dead(at, pair["access_token"]) for _ in range(20))


def _flood(at: Target) -> bool:
    """More than twice what ours lets one address register in a minute."""
    sender = from_afar()
    answers = (at.register(headers=sender) for _ in range(125))
    return any(one.status_code == 429 for one in answers)


def _guesses(at: Target) -> bool:
    client = at.client()
    sender = from_afar()
    answers = (
        at.refresh(client, f"acr_{number:046}", headers=sender) for number in range(45)
    )
    return any(one.status_code == 429 for one in answers)


def _grant_type(at: Target, name: str) -> bool:
    answer = at.post("token", data={"grant_type": name, "client_id": at.client()})
    return bool(answer.json()["error"] == "unsupported_grant_type")


def _repeated(at: Target) -> bool:
    client = at.client()
    body = f"grant_type=refresh_token&client_id={client}&client_id={client}"
    body += f"&refresh_token={at.pair(client)['refresh_token']}"
    return at.post("token", content=body, headers=FORM).status_code == 400


def _forged(at: Target) -> bool:
    client = at.client()
    page = at.authorize(client)
    answer = at.person.browser.post(str(page.url), data={"decision": "allow"})
    return answer.status_code == 403


def _ticket(at: Target) -> bool:
    """A decision sent to a changed address, and a decision sent twice."""
    page = at.authorize(at.client())
    at.allow(page)
    return "code" not in told(at.allow(page))


def _no_token(at: Target) -> bool:
    challenge = at.call("").headers.get("WWW-Authenticate", "")
    return "resource_metadata=" in challenge and "error=" not in challenge


def _not_as_access(at: Target) -> bool:
    return _is_dead(at, at.pair(at.client())["refresh_token"])


def _in_query(at: Target) -> bool:
    access = at.pair(at.client())["access_token"]
    return at.call("", params={"access_token": access}).status_code == 401


CASES: dict[str, Callable[[Target], bool]] = {
    "5 script and data schemes": lambda at: _refuses_uris(
        at, "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"
    ),
    "5 plain http elsewhere, relative, fragment": lambda at: _refuses_uris(
        at, "http://client.example/cb", "/callback", f"{OTHER}#x"
    ),
    "5 userinfo": lambda at: _refuses_uris(at, "https://bank.example@evil.example/cb"),
    "5 control characters": lambda at: _refuses_uris(at, f"{OTHER}\r\nX-Evil: 1"),
    "5 no host": lambda at: _refuses_uris(at, "https:///callback"),
    "6 no address": lambda at: at.register(redirect_uris=[]).status_code == 400,
    "6 eleven addresses": lambda at: (
        at.register(redirect_uris=[f"{OTHER}/{n}" for n in range(11)]).status_code
        == 400
    ),
    "7 not an object": lambda at: _refuses_metadata(at, b"[]", b"null", b"no", b'"a"'),
    "7 deep nesting": lambda at: _refuses_metadata(at, b"[" * 15_000),
    "7 lone surrogate in the name": lambda at: (
        at.post(
            "register",
            content=b'{"client_name": "\\ud800", "redirect_uris": ["%s"]}'
            % OTHER.encode(),
            headers=JSON,
        ).status_code
        < 500
    ),
    "7 not UTF-8": lambda at: _refuses_metadata(at, b'{"client_name": "\xff"}'),
    "8 body of 20 KB": lambda at: (
        at.register(client_uri="https://x.example/" + "x" * 20_000).status_code
        in {400, 413}
    ),
    "9 unknown method": lambda at: (
        at.register(token_endpoint_auth_method="private_key_jwt").status_code == 400
    ),
    "11 a flood of registrations": _flood,
    "13 registration is not stored": lambda at: (
        "no-store" in at.register().headers.get("Cache-Control", "")
    ),
    "25 unknown client": lambda at: at.authorize("nobody").status_code == 400,
    "25 unregistered address": lambda at: _stays_here(at, redirect_uri=OTHER),
    "25 repeated address": lambda at: (
        at.authorize(
            at.client(), "&redirect_uri=https%3A%2F%2Fevil.example"
        ).status_code
        == 400
    ),
    "26 near misses": lambda at: all(
        _stays_here(at, redirect_uri=f"{REDIRECT_URI}{more}")
        for more in ("/", "?x=1", ".evil.example")
    ),
    "26 localhost for 127.0.0.1": lambda at: _stays_here(
        at, redirect_uri=REDIRECT_URI.replace("127.0.0.1", "localhost")
    ),
    "27 any loopback port": lambda at: (
        at.authorize(
            at.client(), redirect_uri=REDIRECT_URI.replace("33418", "40123")
        ).status_code
        == 200
    ),
    "28 no challenge": lambda at: _tells(at, "invalid_request", code_challenge=None),
    "28 plain": lambda at: _tells(at, "invalid_request", code_challenge_method="plain"),
    "28 repeated challenge": lambda at: _tells(
        at, "invalid_request", "&code_challenge=" + "A" * 43
    ),
    "29 token as response type": lambda at: _tells(
        at, "unsupported_response_type", response_type="token"
    ),
    "30 unknown scope": lambda at: _tells(at, "invalid_scope", scope="everything"),
    "31 foreign resource": lambda at: _tells(
        at, "invalid_target", resource="https://evil.example/mcp"
    ),
    "37 forged decision": _forged,
    "39 one decision, sent twice": _ticket,
    "40 no framing": lambda at: _header(at, "X-Frame-Options") == "DENY",
    "45 no referrer": lambda at: "no-referrer" in _header(at, "Referrer-Policy"),
    "45 not stored": lambda at: "no-store" in _header(at, "Cache-Control"),
    "49 wrong verifier": lambda at: _code_refused(at, code_verifier="w" * 43),
    "49 and burns the code": _wrong_verifier_burns,
    "50 another client's code": lambda at: _code_refused(at, client_id=at.client()),
    "50 another address": lambda at: _code_refused(at, redirect_uri=OTHER),
    "51 replay ends the connection": _replay_ends_all,
    "52 twelve exchanges at once": _parallel_codes,
    "57 repeated parameter": _repeated,
    "58 GET": lambda at: at.person.browser.get("/mcp/oauth/token").status_code == 405,
    "59 password": lambda at: _grant_type(at, "password"),
    "59 client credentials": lambda at: _grant_type(at, "client_credentials"),
    "60 foreign resource": lambda at: _code_refused(
        at, resource="https://evil.example"
    ),
    "61 answers are not stored": lambda at: (
        "no-store" in at.refresh(at.client(), "x").headers["Cache-Control"]
    ),
    "64 guessed refresh tokens": _guesses,
    "67 eight refreshes at once": _parallel_refreshes,
    "69 late reuse ends the connection": _reuse_ends_all,
    "71 another client's refresh token": _foreign_refresh,
    "72 wider scope, token stays usable": _wider,
    "74 another client's revoke": _foreign_revoke,
    "76 revoke without a token": lambda at: (
        at.post("revoke", data={"client_id": at.client()}).status_code == 400
    ),
    "77 revoke of the access token": _revoke_of_access,
    "78 revoke in every worker": _revoke_of_refresh,
    "79 challenge without a token": _no_token,
    "80 token in the query": _in_query,
    "81 refresh token as access": _not_as_access,
}
NOT_APPLICABLE = {"30 unknown scope", "72 wider scope, token stays usable"}
"""The yardstick gives scopes no meaning: it hands them through."""


def _verdicts(url: str) -> dict[str, str]:
    with Person(url) as person:
        at = Target(url=url, person=person.sign_in("editor"))
        return {name: _verdict(case, at) for name, case in CASES.items()}


def _verdict(case: Callable[[Target], bool], at: Target) -> str:
    try:
        return "yes" if case(at) else "**no**"
    except (LookupError, ValueError, StopIteration) as error:  # an answer out of form
        return f"**no** ({type(error).__name__})"


def test_the_same_attacks_on_both(tmp_path: Path) -> None:
    with running_site(tmp_path) as site:
        ours = _verdicts(site.url)
    with yardstick(tmp_path) as url:
        theirs = _verdicts(url) | dict.fromkeys(NOT_APPLICABLE, "n/a")

    sys.stdout.write("\n| attack | ours | django-mcpz |\n| --- | --- | --- |\n")
    for name in CASES:
        sys.stdout.write(f"| {name} | {ours[name]} | {theirs[name]} |\n")
    for title, column in (("ours", ours), ("django-mcpz", theirs)):
        passed = list(column.values()).count("yes")
        judged = len(column) - list(column.values()).count("n/a")
        sys.stdout.write(f"{title}: {passed} of {judged}\n")
