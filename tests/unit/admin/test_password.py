"""Confirm an act with the administrator's own current password."""

from __future__ import annotations

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from agent_connector.admin.confirmation import LIMIT
from agent_connector.admin.password import AccessForm, PasswordForm
from agent_connector.models import Event
from tests.factories import NOON, PASSWORD, make_user

pytestmark = pytest.mark.django_db


def _request(viewer: User) -> HttpRequest:
    request = RequestFactory().post("/")
    request.user = viewer
    return request


def _form(viewer: User, password: str) -> PasswordForm:
    return PasswordForm({"password": password}, request=_request(viewer))


def test_ones_own_password_is_accepted_and_not_kept() -> None:
    form = _form(make_user(), PASSWORD)

    assert form.is_valid()
    assert form.cleaned_data == {"password": ""}


@pytest.mark.parametrize("password", ["wrong", f"{PASSWORD} ", "", "x" * 5000, "\x00"])
def test_anything_else_is_refused(password: str) -> None:
    assert not _form(make_user(), password).is_valid()


def test_a_refusal_is_recorded_without_the_password() -> None:
    viewer = make_user()

    _form(viewer, "guess").is_valid()

    event = Event.objects.get(kind=Event.Kind.PASSWORD_REFUSED)
    assert (event.actor, event.detail) == (viewer, "")


def test_add_ons_that_lock_accounts_hear_of_a_failure() -> None:
    heard: list[dict[str, str]] = []

    def listen(credentials: dict[str, str], **_: object) -> None:
        heard.append(credentials)

    user_login_failed.connect(listen)
    try:
        _form(make_user("jane"), "guess").is_valid()
    finally:
        user_login_failed.disconnect(listen)

    assert [one["username"] for one in heard] == ["jane"]
    assert "guess" not in str(heard)


class Mistaken(ModelBackend):
    """Lets anybody in as the user called "somebody else"."""

    def authenticate(self, request: object, **credentials: object) -> User:  # type: ignore[override]
        del request, credentials
        return User.objects.get(username="somebody else")


def test_a_password_that_opens_another_account_confirms_nothing(
    settings: Settings,
) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.Mistaken"]
    make_user("somebody else")

    assert not _form(make_user(), PASSWORD).is_valid()


def test_the_password_of_a_locked_user_confirms_nothing() -> None:
    viewer = make_user()
    User.objects.filter(pk=viewer.pk).update(is_active=False)

    assert not _form(viewer, PASSWORD).is_valid()


def test_the_password_is_never_shown_again() -> None:
    form = _form(make_user(), "guess")
    form.is_valid()

    assert "guess" not in str(form["password"])


def test_a_wrong_password_and_one_too_many_get_the_same_answer() -> None:
    viewer = make_user()
    answers = []

    for guess in [*["guess"] * LIMIT.most, "guess", PASSWORD]:
        form = _form(viewer, guess)
        assert not form.is_valid()
        answers.append(str(form.errors))

    assert len(set(answers)) == 1
    assert "After 5 wrong ones none is accepted until" in answers[0]
    refused = Event.objects.filter(kind=Event.Kind.PASSWORD_REFUSED)
    assert refused.count() == len(answers)


def test_the_answer_says_when_to_try_again() -> None:
    form = _form(make_user(), "guess")
    form.now = NOON
    form.is_valid()

    assert "until 12:15." in str(form.errors["password"])


def test_an_account_without_a_password_is_told_what_to_do() -> None:
    viewer = make_user()
    viewer.set_unusable_password()
    viewer.save()

    form = _form(viewer, "guess")

    assert not form.is_valid()
    assert "Your account has no password here" in form.fields["password"].help_text
    assert "Your account has no password here" in str(form.errors["password"])
    assert "REAUTHENTICATE" in str(form.errors["password"])


def test_the_access_form_asks_for_the_state_first() -> None:
    form = AccessForm(request=_request(make_user()))

    assert list(form.fields) == ["access", "password"]
    assert str(form.fields["password"].label) == "Your Current Admin Password"
