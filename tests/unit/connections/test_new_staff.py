"""Users who become staff start enabled where the site wants that, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import call_command
from django.test import Client

from agent_connector.models import ConnectorSettings, Event, MCPAccess, MCPUser
from tests.factories import PASSWORD, make_admin, make_user
from tests.screens import signed_in
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def _wanted() -> None:
    ConnectorSettings.objects.create(new_staff_enabled=True)


def create(**fields: Any) -> User:
    return get_user_model().objects.create_user("jane", password=PASSWORD, **fields)


def is_enabled(user: User) -> bool:
    return MCPAccess.objects.filter(user=user.pk, enabled=True).exists()


@pytest.mark.usefixtures("_wanted")
def test_who_is_created_as_staff_is_enabled_on_record() -> None:
    user = create(is_staff=True)

    access = MCPAccess.objects.get(user=user)
    assert access.enabled
    assert access.added_at is not None
    assert (access.changed_by, access.ceiling) == (None, "delete")
    event = Event.objects.get()
    assert (event.kind, event.user, event.actor) == ("access_enabled", user, None)


@pytest.mark.usefixtures("_wanted")
def test_in_the_admin_one_becomes_staff_on_the_second_page() -> None:
    browser = signed_in(make_admin("root"))
    form = {"username": "kim", "password1": "a long passphrase"}
    browser.post(
        "/admin/auth/user/add/",
        {**form, "password2": form["password1"], "usable_password": "true"},
    )
    user = get_user_model().objects.get(username="kim")
    assert not MCPAccess.objects.filter(user=user).exists()

    sent = {"username": "kim", "is_active": "on", "is_staff": "on"}
    joined = {"date_joined_0": "2026-03-02", "date_joined_1": "12:00:00"}
    done = browser.post(f"/admin/auth/user/{user.pk}/change/", {**sent, **joined})

    assert done.status_code == 302
    assert is_enabled(user)


@pytest.mark.usefixtures("_wanted")
@pytest.mark.parametrize("model", [User, MCPUser])
def test_becoming_staff_later_counts_whatever_is_saved(model: type[User]) -> None:
    user = create()
    assert not MCPAccess.objects.exists()

    found = model.objects.get(pk=user.pk)
    found.is_staff = True
    found.save(update_fields=["is_staff"])

    assert is_enabled(user)


@pytest.mark.usefixtures("_wanted")
def test_a_superuser_starts_disabled_however_made() -> None:
    create(is_staff=True, is_superuser=True)
    call_command("createsuperuser", "--noinput", username="boss", email="b@example.com")
    promoted = get_user_model().objects.create_user("climber")
    promoted.is_staff = promoted.is_superuser = True
    promoted.save()

    assert not MCPAccess.objects.exists()


@pytest.mark.usefixtures("_wanted")
@pytest.mark.parametrize("fields", [{}, {"is_staff": True, "is_active": False}])
def test_who_cannot_sign_in_is_not_enabled(fields: dict[str, Any]) -> None:
    create(**fields)

    assert not MCPAccess.objects.exists()


def test_those_who_are_staff_already_stay_as_they_are() -> None:
    staff = create(is_staff=True)
    ConnectorSettings.objects.create(new_staff_enabled=True)

    staff.first_name = "Jane"
    staff.save()

    assert not MCPAccess.objects.exists()


@pytest.mark.usefixtures("_wanted")
def test_who_was_disabled_once_stays_so() -> None:
    user = create()
    MCPAccess.objects.create(user=user, enabled=False)

    user.is_staff = True
    user.save()

    assert not is_enabled(user)


def test_off_nobody_is_enabled() -> None:
    create(is_staff=True)

    assert not MCPAccess.objects.exists()


@pytest.mark.usefixtures("_wanted")
def test_a_fixture_is_loaded_as_it_is() -> None:
    text = serializers.serialize("json", [User(pk=77, username="x", is_staff=True)])

    for one in serializers.deserialize("json", text):
        one.save()

    assert not MCPAccess.objects.exists()


@pytest.mark.usefixtures("_wanted")
def test_a_sign_in_costs_no_statement_for_it() -> None:
    user = make_user(enabled=False)
    browser = Client()
    browser.login(username=user.username, password=PASSWORD)

    with statements() as seen:
        user.save(update_fields=["last_login"])

    assert len(seen) == 1
