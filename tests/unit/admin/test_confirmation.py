"""Whether the one who sends a form is the one who is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from agent_connector.admin.confirmation import (
    LIMIT,
    Proof,
    is_own_password,
    needed_proof,
    remember_confirmation,
)
from agent_connector.models import Event, MCPAccess
from tests.factories import NOON, PASSWORD, make_admin, make_user
from tests.parallel import database_of_threads, in_parallel
from tests.screens import screen, text_of

HERE = __name__
MINUTE = timedelta(minutes=1)
MANY = 16

answers: list[Any] = []
evaluated: list[str] = []


def reauthenticate(request: HttpRequest) -> Any:
    """What a site would look up in its sign-in system."""
    del request
    return answers[-1]


class Counting(ModelBackend):
    """Notes each password that is really evaluated."""

    def authenticate(self, request: Any, **credentials: Any) -> Any:  # type: ignore[override]
        evaluated.append(credentials["password"])
        return super().authenticate(request, **credentials)


@pytest.fixture(autouse=True)
def _forget() -> None:
    answers.clear()
    evaluated.clear()


@pytest.fixture
def _shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


def request_of(viewer: User, *, address: str = "192.0.2.7") -> HttpRequest:
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    request.user = viewer
    request.session = SessionStore()
    return request


def guess(viewer: User, password: str = "guess", **where: str) -> bool:
    return is_own_password(request_of(viewer, **where), password, now=NOON)


def without_password(viewer: User) -> User:
    viewer.set_unusable_password()
    viewer.save()
    return viewer


@pytest.mark.django_db
def test_after_five_wrong_ones_even_the_right_one_is_not_evaluated(
    settings: Settings,
) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{HERE}.Counting"]
    viewer = make_user()
    for _ in range(LIMIT.most):
        guess(viewer)

    assert not guess(viewer, PASSWORD)
    assert not guess(viewer, PASSWORD, address="198.51.100.9")
    assert evaluated == ["guess"] * LIMIT.most


@pytest.mark.django_db
def test_an_address_is_stopped_whomever_it_guesses_for() -> None:
    for _ in range(LIMIT.most):
        guess(make_user())

    assert not guess(make_user(), PASSWORD)
    assert guess(make_user(), PASSWORD, address="198.51.100.9")


@pytest.mark.django_db
def test_a_whole_network_of_one_sender_counts_as_one_address() -> None:
    for host in range(LIMIT.most):
        assert not guess(make_user(), "wrong", address=f"2001:db8:1:2::{host:x}")

    assert not guess(make_user(), PASSWORD, address="2001:db8:1:2:ffff::1")
    assert guess(make_user(), PASSWORD, address="2001:db8:1:3::1")


@pytest.mark.django_db
def test_right_passwords_are_never_too_many() -> None:
    viewer = make_user()

    assert all(guess(viewer, PASSWORD) for _ in range(LIMIT.most + 2))


@pytest.mark.django_db
def test_it_opens_again_with_the_next_window() -> None:
    viewer = make_user()
    for _ in range(LIMIT.most):
        guess(viewer)

    later = NOON + LIMIT.window
    assert is_own_password(request_of(viewer), PASSWORD, now=later)


@pytest.mark.django_db
def test_a_cache_that_is_emptied_unlocks_nothing(settings: Settings) -> None:
    viewer = make_user()
    for _ in range(LIMIT.most):
        guess(viewer)
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }

    assert not guess(viewer, PASSWORD)


@pytest.mark.usefixtures("_shared_database")
def test_of_many_guesses_at_one_moment_five_are_evaluated(settings: Settings) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{HERE}.Counting"]
    viewer = make_user()

    answered = in_parallel(*[partial(guess, viewer)] * MANY)

    assert not any(answered)
    assert len(evaluated) == LIMIT.most


@pytest.mark.django_db
def test_whoever_has_no_password_here_is_asked_for_one_all_the_same() -> None:
    viewer = without_password(make_user())

    assert needed_proof(request_of(viewer), now=NOON) is Proof.OWN_PASSWORD


@pytest.mark.django_db
def test_a_site_can_answer_for_those_without_a_password(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"REAUTHENTICATE": f"{HERE}.reauthenticate"}

    without = needed_proof(request_of(without_password(make_user())), now=NOON)
    with_one = needed_proof(request_of(make_user()), now=NOON)

    assert (without, with_one) == (Proof.SIGN_IN, Proof.OWN_PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "enabled"),
    [(True, True), (False, False), ("/sso/?next=x", False), (1, False), ({}, False)],
    ids=["yes", "no", "page", "one", "mapping"],
)
def test_only_a_clear_yes_of_the_site_confirms(
    settings: Settings, client: Client, *, answer: Any, enabled: bool
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "REAUTHENTICATE": f"{HERE}.reauthenticate",
    }
    answers.append(answer)
    client.force_login(without_password(make_admin()))
    user = make_user("jane", enabled=False)

    page = client.post(screen("access", user), {"access": "enabled"}, follow=True)

    assert MCPAccess.objects.filter(user=user, enabled=True).exists() is enabled
    told = "Sign in again to confirm, then repeat this" in text_of(page)
    assert told is not enabled
    if isinstance(answer, str):
        assert f'<a href="{answer}">' in page.content.decode()
    refused = Event.objects.filter(kind=Event.Kind.PASSWORD_REFUSED).exists()
    assert refused is not enabled


@pytest.mark.django_db
def test_without_the_setting_each_act_asks_again() -> None:
    request = request_of(make_user())
    remember_confirmation(request, now=NOON)

    assert needed_proof(request, now=NOON) is Proof.OWN_PASSWORD


@pytest.mark.django_db
def test_a_confirmation_counts_as_long_as_the_setting_says(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"REAUTH_MAX_AGE": 10 * MINUTE}
    request = request_of(make_user())
    remember_confirmation(request, now=NOON)

    ages = [timedelta(0), 9 * MINUTE, 10 * MINUTE, -MINUTE]
    needed = [needed_proof(request, now=NOON + age) for age in ages]

    assert needed == [
        Proof.NOTHING,
        Proof.NOTHING,
        Proof.OWN_PASSWORD,
        Proof.OWN_PASSWORD,
    ]


@pytest.mark.django_db
def test_a_confirmation_is_of_one_user_and_one_session(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"REAUTH_MAX_AGE": 10 * MINUTE}
    viewer = make_user()
    request = request_of(viewer)
    remember_confirmation(request, now=NOON)

    other_session = request_of(viewer)
    request.user = make_user()

    assert needed_proof(other_session, now=NOON) is Proof.OWN_PASSWORD
    assert needed_proof(request, now=NOON) is Proof.OWN_PASSWORD


@pytest.mark.django_db
def test_a_screen_asks_once_and_then_not_for_a_while(
    settings: Settings, client: Client
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "REAUTH_MAX_AGE": 10 * MINUTE,
    }
    client.force_login(make_admin())
    user = make_user("jane", enabled=False)
    first = {"access": "enabled", "password": PASSWORD}

    asked = "Your Current Admin Password" in text_of(client.get(screen("access", user)))
    client.post(screen("access", user), first)
    asked_again = b'name="password"' in client.get(screen("access", user)).content
    client.post(screen("access", user), {"access": "disabled"})

    assert (asked, asked_again) == (True, False)
    assert not MCPAccess.objects.get(user=user).enabled
