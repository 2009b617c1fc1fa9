"""Find the user whom a screen is about, and say no in the right way."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from agent_connector.admin.people import find_user, users_called, visible_user
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pk", ["0", "abc", "", "9" * 30, "-1", "1.5", "\x00", "_"])
def test_what_is_no_key_of_a_user_finds_nobody(pk: str) -> None:
    assert find_user(pk) is None


def test_a_user_is_found_by_the_text_of_the_key() -> None:
    user = make_user()

    found = find_user(str(user.pk))

    assert found is not None
    assert found.pk == user.pk


def test_nobody_is_not_found_for_those_who_may_look() -> None:
    request = RequestFactory().get("/")
    request.user = make_admin()

    with pytest.raises(Http404):
        visible_user(request, "999999")


@pytest.mark.parametrize("exists", [True, False])
def test_others_are_refused_in_the_same_way_whether_there_is_one(
    exists: bool,  # noqa: FBT001  # pytest hands it over by name
) -> None:
    request = RequestFactory().get("/")
    request.user = make_user()
    pk = str(make_user().pk) if exists else "999999"

    with pytest.raises(PermissionDenied):
        visible_user(request, pk)


def test_users_are_called_by_all_of_the_words_in_any_of_their_names() -> None:
    anna = make_user("ab7", first_name="Anna", last_name="Berg")
    make_user("jane", first_name="Anna", last_name="Doe")

    assert [user.pk for user in users_called("BERG anna")] == [anna.pk]
    assert not users_called("anna nobody").exists()
