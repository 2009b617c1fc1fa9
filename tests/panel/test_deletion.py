"""The pages that ask before something is deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.urls import reverse

from panel.deletion import figures
from panel.site import site
from tests.factories import make_admin, make_client, make_connection, make_user
from tests.panel.conftest import SignIn
from tests.panel.shop import make_product
from tests.screens import text_of

pytestmark = pytest.mark.django_db

USERS = reverse("admin:auth_user_changelist")
INNER_WORDS = ("User_groups", "relationship", "Token", "MCP access", "Mailbox")


def make_jane() -> User:
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    jane.groups.add(Group.objects.create(name="Packers"))
    make_connection(jane, make_client("Cursor"))
    return jane


def test_a_user_is_named_and_what_goes_along_is_counted(sign_in: SignIn) -> None:
    root, jane = make_admin(), make_jane()
    LogEntry.objects.log_actions(jane.pk, [root], CHANGE, "Renamed")
    url = reverse("admin:auth_user_delete", args=[jane.pk])

    page = sign_in(root).get(url)

    assert "<h1>Delete Jane Doe</h1>" in page.text
    assert "<title>Delete Jane Doe |" in page.text
    for figure in ("1 </dd>", "<dt>Users</dt>", "<dt>Connections</dt>"):
        assert figure.replace(" ", "") in page.text.replace(" ", "")
    assert "<dt>Log entries</dt>" in page.text
    assert not [word for word in INNER_WORDS if word in text_of(page)]
    assert f'href="{reverse("admin:auth_user_change", args=[jane.pk])}"' in page.text

    sign_in(root).post(url, {"post": "yes"})
    assert not User.objects.filter(pk=jane.pk).exists()


def test_those_selected_in_a_list_are_counted_and_named(sign_in: SignIn) -> None:
    root, jane = make_admin(), make_jane()
    rest = [make_user(f"user{number:02}") for number in range(22)]
    form = {
        "action": "delete_selected",
        "_selected_action": [jane.pk, *(one.pk for one in rest)],
    }
    client = sign_in(root)

    page = client.post(USERS, form)

    assert "<h1>Delete 23 users</h1>" in page.text
    assert "<bdi>Jane Doe</bdi>" in page.text
    assert "and 3 more" in page.text
    assert 'aria-current="page">Delete 23 users</li>' in page.text
    assert not [word for word in INNER_WORDS if word in text_of(page)]
    assert f'href="{USERS}"' in page.text

    client.post(USERS, form | {"post": "yes"})
    assert list(User.objects.all()) == [root]


def test_what_is_protected_is_listed_and_there_is_nothing_to_press(
    sign_in: SignIn,
) -> None:
    product = make_product("Enamel Kettle")
    url = reverse("admin:shop_category_delete", args=[product.category_id])

    page = sign_in(make_admin()).get(url)

    assert "cannot be deleted</h1>" in page.text
    assert "Enamel Kettle" in page.text
    assert 'class="aac-button is-danger"' not in page.text


def test_who_may_not_delete_what_goes_along_is_told_so(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    jane = make_jane()
    model_admin = site.get_model_admin(User)
    answer: tuple[Any, ...] = (["User: jane"], {"users": 1}, {"blog post"}, [])
    monkeypatch.setattr(model_admin, "get_deleted_objects", lambda *_: answer)

    page = sign_in(make_admin()).get(reverse("admin:auth_user_delete", args=[jane.pk]))

    assert "<h1>Jane Doe cannot be deleted</h1>" in page.text
    assert "which you may not delete" in page.text
    assert "<li>blog post</li>" in page.text
    assert 'class="aac-button is-danger"' not in page.text


def test_rows_that_no_screen_shows_are_not_counted() -> None:
    counts = [("users", 1), ("user-group relationships", 2), ("mailboxes", 1)]

    assert figures(counts) == [("users", 1)]
