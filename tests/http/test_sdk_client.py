"""A script with only the official SDK, and an HTTP client for the sign-in form."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from agent_connector.tools.registry import all_tools
from tests.http.admin_pages import changelist_ids, rows_of
from tests.http.agent import connect_agent
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import post_call

MODES = ("auto", "legacy")
QUERIES = ("kettle", "notebook", "zzz nothing")


@pytest.mark.parametrize("mode", MODES)
def test_the_agent_finds_what_its_users_changelist_shows(
    site: Site, editor: Person, mode: str
) -> None:
    agent = connect_agent(site, editor, mode=mode)

    for query in QUERIES:
        found = agent.call(
            "search_records", mode=mode, model="shop.product", query=query
        )
        shown = changelist_ids(editor, f"/admin/shop/product/?q={query}")
        assert [str(record["id"]) for record in found["rows"]] == shown


def test_another_users_agent_finds_that_users_rows(
    site: Site, editor: Person, viewer: Person
) -> None:
    of_editor = connect_agent(site, editor)
    of_viewer = connect_agent(site, viewer, level="read")
    drafts: dict[str, Any] = {
        "model": "shop.product",
        "filters": {"status__exact": "draft"},
        "limit": 100,
    }
    address = "/admin/shop/product/?status__exact=draft"

    for_editor = of_editor.call("search_records", **drafts)["rows"]
    for_viewer = of_viewer.call("search_records", **drafts)["rows"]

    assert [str(one["id"]) for one in for_editor] == changelist_ids(editor, address)
    assert [str(one["id"]) for one in for_viewer] == changelist_ids(viewer, address)
    assert for_editor
    assert for_viewer == []


@pytest.mark.parametrize(("mode", "price"), [("auto", "23.45"), ("legacy", "23.55")])
def test_a_change_appears_in_the_history_with_the_clients_name(
    site: Site, editor: Person, mode: str, price: str
) -> None:
    agent = connect_agent(site, editor, mode=mode, name=f"Pricing Robot ({mode})")
    query = {"model": "shop.product", "query": "Sketchbook, lined"}
    [record] = agent.call("search_records", mode=mode, **query)["rows"]

    agent.call(
        "update_record",
        mode=mode,
        model="shop.product",
        id=record["id"],
        values={"price": price},
    )

    page = editor.get(f"/admin/shop/product/{record['id']}/history/")
    [row] = [row for row in rows_of(page.text) if agent.name in row.text]
    assert "Price" in row.text
    changed = editor.get(f"/admin/shop/product/{record['id']}/change/")
    assert f'value="{price}"' in changed.text


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_listed_with_what_they_need_and_answer(
    site: Site, editor: Person, mode: str
) -> None:
    agent = connect_agent(site, editor, mode=mode)

    tools = agent.run(lambda client: client.list_tools(), mode=mode).tools

    assert [tool.name for tool in tools] == [tool.name for tool in all_tools()]
    assert all(tool.input_schema and tool.output_schema for tool in tools)
    assert all(tool.annotations is not None for tool in tools)


def test_a_connection_that_may_only_read_is_told_what_it_needs(
    site: Site, editor: Person
) -> None:
    agent = connect_agent(site, editor, level="read")

    answer = post_call(
        site,
        agent.access,
        "update_record",
        model="shop.product",
        id="1",
        values={"price": "1"},
    )

    assert answer.status_code == 403
    challenge = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="read write"' in challenge


@pytest.mark.parametrize("auth_method", ["client_secret_basic", "client_secret_post"])
def test_an_agent_with_a_secret_connects_refreshes_and_signs_out(
    site: Site,
    editor: Person,
    auth_method: Literal["client_secret_basic", "client_secret_post"],
) -> None:
    agent = connect_agent(site, editor, auth_method=auth_method)
    before = agent.access
    info = agent.provider.context.client_info
    assert info is not None
    assert (info.client_secret or "").startswith("acs_")

    agent.provider.context.token_expiry_time = 1
    agent.call("whoami")

    assert agent.access != before
    site.secrets.extend([agent.access, agent.refresh])
