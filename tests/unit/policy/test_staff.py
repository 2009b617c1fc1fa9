"""Staff: who may sign in, who is listed, and what people are called."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from agent_connector.policy.staff import is_staff, listed_users, name_of
from tests.factories import make_code, make_connection, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("staff", [True, False])
def test_staff_are_active_and_marked_as_staff(*, active: bool, staff: bool) -> None:
    user = make_user(is_active=active, is_staff=staff)

    assert is_staff(user) is (active and staff)


def test_an_anonymous_visitor_is_not_staff() -> None:
    assert not is_staff(AnonymousUser())


def test_a_user_model_without_the_mark_has_no_staff() -> None:
    unmarked: Any = SimpleNamespace(is_active=True)

    assert not is_staff(unmarked)


def test_all_staff_are_listed_even_inactive_ones() -> None:
    staff, inactive = make_user(), make_user(is_active=False, enabled=False)
    make_user(is_staff=False)

    assert {user.pk for user in listed_users()} == {staff.pk, inactive.pk}


def test_who_left_the_staff_stays_listed_with_connections_on_record() -> None:
    former = make_user()
    make_user(is_staff=False)
    make_connection(former)
    make_connection(former)
    former.is_staff = False
    former.save()

    assert [user.pk for user in listed_users()] == [former.pk]


def test_a_consent_that_was_never_exchanged_lists_nobody() -> None:
    former = make_user()
    make_code(former)
    former.is_staff = False
    former.save()

    assert not listed_users().exists()


def test_people_go_by_their_full_name_or_their_sign_in_name() -> None:
    named = make_user("jd", first_name="Jane", last_name="Doe")
    unnamed = make_user("anna", first_name=" ")

    assert name_of(named) == "Jane Doe"
    assert name_of(unnamed) == "anna"
