"""A changed password ends the user's connections; a new hash of the same does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core import serializers
from pytest_django import Settings

from agent_connector.models import Connection, Event, MCPAccess, MCPUser
from tests.factories import PASSWORD, make_connection, make_user
from tests.screens import calls
from tests.statements import statements

pytestmark = pytest.mark.django_db

NEW = "a quite different one"
MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"
PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


def _set(user: User) -> None:
    user.set_password(NEW)
    user.save()


def _set_alone(user: User) -> None:
    user.set_password(NEW)
    user.save(update_fields=["password"])


def _by_form(user: User) -> None:
    form = SetPasswordForm(user, {"new_password1": NEW, "new_password2": NEW})
    assert form.is_valid()
    form.save()


def _as_proxy(user: User) -> None:
    _set(MCPUser.objects.get(pk=user.pk))


def _make_unusable(user: User) -> None:
    user.set_unusable_password()
    user.save()


def _write_the_hash(user: User) -> None:
    other = User()
    other.set_password(NEW)
    user.password = other.password
    user.save(update_fields=["password"])


@pytest.mark.parametrize(
    "change",
    [_set, _set_alone, _by_form, _as_proxy, _make_unusable, _write_the_hash],
)
def test_a_changed_password_ends_every_connection(
    change: Callable[[User], None],
) -> None:
    user = make_user()
    connection, pair = make_connection(user)
    before = calls(pair.access)

    change(user)

    connection.refresh_from_db()
    assert (before, calls(pair.access)) == (200, 401)
    assert connection.revoked_reason == Connection.RevokedReason.PASSWORD
    assert connection.get_revoked_reason_display() == "The password was changed"
    assert connection.revoked_by is None
    event = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert (event.user, event.detail) == (user, "password")
    assert MCPAccess.objects.get(user=user).enabled


def test_nobody_else_loses_anything() -> None:
    _, pair = make_connection(make_user())

    _set(make_user())

    assert calls(pair.access) == 200


def test_other_changes_of_the_user_end_nothing() -> None:
    make_user()  # with another password
    user = make_user()
    _, pair = make_connection(user)
    user.email = "jane@example.com"

    user.save()
    user.save(update_fields=["email"])

    assert calls(pair.access) == 200


def test_a_password_that_was_not_stored_ends_nothing() -> None:
    user = make_user()
    _, pair = make_connection(user)
    user.set_password(NEW)

    user.save(update_fields=["email"])

    assert calls(pair.access) == 200


@pytest.mark.parametrize("way", ["algorithm", "iterations"])
def test_a_new_hash_of_the_same_password_at_a_sign_in_ends_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    settings.PASSWORD_HASHERS = [MD5 if way == "algorithm" else PBKDF2]
    hasher = "django.contrib.auth.hashers.PBKDF2PasswordHasher.iterations"
    monkeypatch.setattr(hasher, 10)
    user = make_user()
    _, pair = make_connection(user)
    stored = user.password
    settings.PASSWORD_HASHERS = [PBKDF2, MD5]
    monkeypatch.setattr(hasher, 20)

    signed_in = authenticate(username=user.get_username(), password=PASSWORD)

    user.refresh_from_db()
    assert signed_in == user
    assert user.password != stored
    assert calls(pair.access) == 200


def test_a_real_change_counts_also_where_the_stored_hash_is_outdated(
    settings: Settings,
) -> None:
    user = make_user()
    _, pair = make_connection(user)
    settings.PASSWORD_HASHERS = [PBKDF2, MD5]

    _set_alone(user)

    assert calls(pair.access) == 401


def test_a_user_who_never_had_a_password_and_gets_none_keeps_all() -> None:
    user = make_user()
    _make_unusable(user)
    user = User.objects.get(pk=user.pk)
    _, pair = make_connection(user)

    _make_unusable(user)

    assert calls(pair.access) == 200


def test_a_hash_of_a_hasher_that_is_gone_is_no_reason_to_keep_anything() -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(password="bygone$1$salt$hash")
    _, pair = make_connection(user)
    user.refresh_from_db()

    _write_the_hash(user)

    assert calls(pair.access) == 401


def test_a_new_user_and_loaded_data_end_nothing() -> None:
    user = make_user()
    _, pair = make_connection(user)
    text = serializers.serialize("json", [user]).replace(user.password, "!")

    for loaded in serializers.deserialize("json", text):
        loaded.save()

    assert User.objects.get(pk=user.pk).password == "!"
    assert calls(pair.access) == 200


def test_a_sign_in_asks_nothing_more_of_the_database() -> None:
    user = make_user()

    with statements() as seen:
        user.save(update_fields=["last_login"])

    assert len(seen) == 1


def test_a_new_user_costs_one_statement() -> None:
    with statements() as seen:
        User.objects.create(username="jane", password="!")

    assert len(seen) == 1
