"""Attacks 40 to 45: what the consent page says, and what it does not let happen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import Context, Engine
from django.test import Client as Browser

import agent_connector
from agent_connector.models import (
    AuthorizationCode,
    Client,
    Connection,
    Event,
    RolePolicy,
)
from tests.authorization import answer_in, authorize_url, decide, ticket_on
from tests.factories import make_admin, make_client, make_user

pytestmark = pytest.mark.django_db

CHANGES = ("shop.view_product", "shop.change_product")


def assert_asked_again(response: Any) -> None:
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert not AuthorizationCode.objects.exists()


def test_looking_at_the_page_opens_nothing(client: Browser) -> None:
    client.force_login(make_user())
    url = authorize_url(make_client())

    for _ in range(3):
        assert client.get(url).status_code == 200
    client.head(url)

    assert not Connection.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.spec("attacks", "40 and 45")
@pytest.mark.parametrize(
    "person", ["enabled", "refused", "anonymous", "unknown client"]
)
def test_no_page_can_be_framed_or_stored(client: Browser, person: str) -> None:
    if person != "anonymous":
        client.force_login(make_user(enabled=person != "refused"))
    changes = {"client_id": "unknown"} if person == "unknown client" else {}

    response = client.get(authorize_url(make_client(), **changes))

    assert response.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    page = response.content.decode()
    assert "http://" not in page.replace("http://127.0.0.1:33418", "")
    assert "https://" not in page
    assert not {" style=", "<style", " onclick=", "javascript:"} & set(page.split())


@pytest.mark.spec("attacks", "41")
def test_an_earlier_consent_never_skips_the_page(client: Browser) -> None:
    program = make_client()
    client.force_login(make_user())
    decide(client, authorize_url(program), level="read")

    again = client.get(authorize_url(program))

    assert again.status_code == 200
    assert ticket_on(again)
    assert "checked" not in again.content.decode()


@pytest.mark.spec("attacks", "42")
def test_the_page_says_who_asks_where_the_answer_goes_and_who_one_is(
    client: Browser,
) -> None:
    uri = "https://chatgpt.com/connector/oauth/x"
    program = make_client("ChatGPT", host="chatgpt.com", redirect_uris=[uri])
    user = make_user("jane", first_name="Jane", last_name="Doe", permissions=CHANGES)
    client.force_login(user)

    page = client.get(authorize_url(program, redirect_uri=uri)).content.decode()

    for text in ("ChatGPT", "Name not verified", "chatgpt.com", "Jane Doe", "jane"):
        assert text in page
    assert '<span class="number">1</span> add or change' in page
    assert "The answer stays on this computer" not in page
    local = client.get(authorize_url(make_client())).content.decode()
    assert "The answer stays on this computer" in local
    assert "http://127.0.0.1:33418" in local


@pytest.mark.spec("attacks", "42")
@pytest.mark.parametrize("name", ["Claude", "\u0421laude", "CIaude"])
def test_a_namesake_is_not_taken_for_the_client_that_was_entered(
    client: Browser, name: str
) -> None:
    """Whatever it calls itself: the mark is not its own, and the address says whose."""
    uri, theirs = "https://claude.example/cb", "https://evil.example/cb"
    real = make_client("Claude", kind=Client.Kind.MANUAL, redirect_uris=[uri])
    namesake = make_client(name, redirect_uris=[theirs])
    client.force_login(make_user())

    shown = client.get(authorize_url(real, redirect_uri=uri)).content.decode()
    page = client.get(authorize_url(namesake, redirect_uri=theirs)).content.decode()

    assert "Entered by an administrator" in shown
    assert "Entered by an administrator" not in page
    assert "Name not verified" in page
    assert "evil.example" in page
    assert "claude.example" not in page


@pytest.mark.spec("attacks", "43")
@pytest.mark.parametrize("level", ["write", "delete"])
def test_a_level_above_what_is_offered_is_no_choice(
    client: Browser, level: str
) -> None:
    client.force_login(make_user(permissions=("shop.view_product",)))
    url = authorize_url(make_client())
    assert f'value="{level}" id="level-{level}"' in client.get(url).content.decode()

    response = decide(client, url, level=level)

    assert_asked_again(response)
    assert "This choice is not available" in response.content.decode()
    assert "You may not add or change anything" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "ceiling", "reason"),
    [
        ("read", "delete", "The client did not ask for this."),
        ("read write delete", "read", "An administrator limits"),
    ],
)
def test_a_closed_choice_says_why(
    client: Browser, asked: str, ceiling: str, reason: str
) -> None:
    admin = make_admin()
    admin.mcp_access.ceiling = ceiling
    admin.mcp_access.save()
    client.force_login(admin)
    url = authorize_url(make_client(), scope=asked)

    page = client.get(url).content.decode()

    assert page.count("disabled") == 2
    assert page.count(reason) == 2
    assert_asked_again(decide(client, url, level="write"))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Choose what this client may do."),
        ({"level": ""}, "This choice is not available."),
        ({"level": "admin"}, "This choice is not available."),
        ({"level": ["read", "delete"]}, "This choice is not available."),
        ({"level": "read", "decision": ""}, "Press Authorize or Deny."),
        ({"level": "read", "decision": ["allow", "deny"]}, "Press Authorize or Deny."),
    ],
)
def test_without_a_clear_decision_the_page_asks_again_with_a_fresh_ticket(
    client: Browser, fields: dict[str, Any], error: str
) -> None:
    client.force_login(make_admin())
    url = authorize_url(make_client())

    again = decide(client, url, **fields)

    assert_asked_again(again)
    assert error in again.content.decode()
    assert 'role="alert"' in again.content.decode()
    fresh = {"ticket": ticket_on(again), "decision": "allow", "level": "read"}
    assert answer_in(client.post(url, fresh))["code"]


def test_a_site_without_a_logo_is_marked_by_its_first_letter() -> None:
    templates = Path(agent_connector.__file__).parent / "templates"
    mark = Engine(dirs=[str(templates)]).get_template(
        "agent_connector/oauth/site_mark.html"
    )

    shown = mark.render(Context({"site_header": "<b>harbour</b>"}))

    assert shown.strip() == '<span class="mark mark-site">H</span>'


def _in_role(**policy: Any) -> User:
    user = make_admin(username="")
    role = user.groups.create(name="Night shift")
    RolePolicy.objects.create(group=role, **policy)
    return user


@pytest.mark.parametrize(
    ("policy", "open_levels"),
    [
        ({"read_only": True}, ["read"]),
        ({"allowed_tools": ["get_record", "create_record"]}, ["read", "write"]),
        ({"allowed_tools": ["delete_records"]}, ["delete"]),
        ({"rows_per_call": 5}, ["read", "write", "delete"]),
    ],
    ids=str,
)
def test_what_a_role_leaves_no_tool_for_is_shown_as_unavailable(
    client: Browser, policy: dict[str, Any], open_levels: list[str]
) -> None:
    client.force_login(_in_role(**policy))

    page = client.get(authorize_url(make_client()))

    choices = page.context["choices"]
    assert [one.level for one in choices if one.is_open] == open_levels
    shown = page.content.decode().count("A role of yours leaves AI clients no tool")
    assert shown == 3 - len(open_levels)


def test_what_a_role_leaves_no_tool_for_cannot_be_chosen_by_hand(
    client: Browser,
) -> None:
    client.force_login(_in_role(read_only=True))
    url = authorize_url(make_client())

    assert_asked_again(decide(client, url, level="write"))
    assert "code" in answer_in(decide(client, url, level="read"))


def test_the_models_that_a_role_leaves_out_are_not_said_to_be_in_reach(
    client: Browser,
) -> None:
    client.force_login(_in_role(allowed_models=["shop.product"]))
    every = client.get(authorize_url(make_client())).context["reach"]
    client.force_login(_in_read_only())

    none = client.get(authorize_url(make_client())).context["reach"]

    assert every.view == every.change == every.delete == ("Products",)
    assert "Orders" in none.view
    assert none.change == none.delete == ()


def _in_read_only() -> User:
    user = make_admin(username="")
    role = user.groups.create(name="Readers")
    RolePolicy.objects.create(group=role, read_only=True)
    return user
