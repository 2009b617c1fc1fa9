"""The administrator's pages, used by their words and forms as a person would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from panel.agent.forms import form_with
from tests.http.person import Person, Refused, form_for
from tests.http.seed import PASSWORD

GRID = "/admin/agent_connector/mcpuser/"
MAKE_TOKEN = f"{GRID}account/token/"
WEEK_SECONDS = 7 * 24 * 3600
_CHANGE_LINK = re.compile(r"/admin/[a-z_]+/[a-z_]+/(\d+)/change/")
_PERSONAL = re.compile(r"acp_[0-9A-Za-z]{46}")
_TOKEN_LINK = re.compile(r"/tokens/([0-9a-f-]{36})/revoke/")


@dataclass(slots=True)
class Row:
    """One row of a table: what it says, and where it leads."""

    text: str = ""
    links: list[str] = field(default_factory=list)


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._open: Row | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._open = Row()
            self.rows.append(self._open)
        elif tag == "a" and self._open is not None:
            self._open.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.text = " ".join(f"{self._open.text} {data}".split())


def rows_of(page: str) -> list[Row]:
    """Return the rows of all tables of the page."""
    reader = _Rows()
    reader.feed(page)
    return reader.rows


def changelist_ids(person: Person, url: str) -> list[str]:
    """Return the ids of the rows that a changelist shows, in its order."""
    page = person.get(url)
    assert page.status_code == httpx.codes.OK, page.url
    found = [
        _CHANGE_LINK.search(link) for row in rows_of(page.text) for link in row.links
    ]
    return list(dict.fromkeys(one[1] for one in found if one))


def user_pk(admin: Person, username: str) -> str:
    page = admin.get(f"/admin/auth/user/?q={username}")
    for row in rows_of(page.text):
        found = [_CHANGE_LINK.search(link) for link in row.links]
        if username in row.text.split() and any(found):
            return next(one[1] for one in found if one)
    raise LookupError(username)


def token_rows(admin: Person, username: str) -> list[Row]:
    """Return the rows of Details: one for each token that ever worked."""
    page = admin.get(f"{GRID}{user_pk(admin, username)}/tokens/")
    assert page.status_code == httpx.codes.OK
    return [row for row in rows_of(page.text) if row.text][1:]


def revoke_one(admin: Person, username: str, client: str) -> httpx.Response:
    """Details, the token of this client, Revoke, and confirm."""
    [row] = [row for row in token_rows(admin, username) if client in row.text]
    [link] = [link for link in row.links if _TOKEN_LINK.search(link)]
    return _confirm(admin, admin.get(link))


def revoke_all(admin: Person, username: str) -> httpx.Response:
    """Revoke All Tokens of one user, and confirm."""
    return _confirm(admin, admin.get(f"{GRID}{user_pk(admin, username)}/revoke/"))


def mass_revoke(admin: Person, *usernames: str) -> httpx.Response:
    """Select rows of the grid, choose Revoke, Submit, and confirm."""
    chosen = [user_pk(admin, username) for username in usernames]
    grid = admin.get(GRID)
    form = form_for(grid, field="action", value="revoke")
    page = admin.submit(grid, form, action="revoke", _selected_action=chosen, index="0")
    return _confirm(admin, page)


def set_access(admin: Person, username: str, access: str) -> httpx.Response:
    """MCP Access: choose Enabled or Disabled, give the own password, Save."""
    page = admin.get(f"{GRID}{user_pk(admin, username)}/info/")
    form = form_for(page, field="access", value=access)
    answer = admin.submit(page, form, access=access, password=PASSWORD)
    assert answer.status_code == httpx.codes.OK
    return answer


def allow_personal_tokens(admin: Person, *, allowed: bool = True) -> None:
    """Settings: allow personal access tokens or not, Save."""
    page = admin.get("/admin/agent_connector/connectorsettings/")
    form = form_with(page.text, "access_token_lifetime")
    assert form is not None
    form.fields.pop("personal_access_tokens", None)
    admin.submit(page, form, **({"personal_access_tokens": "on"} if allowed else {}))


def make_personal_token(person: Person, **fields: str) -> httpx.Response:
    """Personal access token: fill in the form, Create; `fields` change what is filled.

    Raises:
        Refused: there is no form.
    """
    page = person.get(MAKE_TOKEN)
    form = form_with(page.text, "lifetime", "password")
    if form is None:
        raise Refused(page)
    sound = {"label": "A script", "level": "read", "password": PASSWORD}
    return person.post(page, form, **{**sound, "lifetime": str(WEEK_SECONDS), **fields})


def personal_token_on(page: httpx.Response) -> str:
    """Return the one token that the page shows."""
    found: set[str] = set(_PERSONAL.findall(page.text))
    [token] = found
    return token


def _confirm(admin: Person, page: httpx.Response) -> httpx.Response:
    form = form_for(page, field="confirm", value="yes")
    answer = admin.submit(page, form, confirm="yes")
    assert answer.status_code == httpx.codes.OK
    return answer
