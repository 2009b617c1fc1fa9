"""The form of a personal access token: what it offers, of what the viewer may have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from agent_connector.admin.people import find_user
from agent_connector.admin.personal_form import PersonalTokenForm
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def form(*, longest: timedelta) -> PersonalTokenForm:
    request = RequestFactory().get("/")
    request.user = make_user()
    user = find_user(str(request.user.pk))
    assert user is not None
    return PersonalTokenForm(request=request, user=user, longest=longest)


def test_a_maximum_that_is_no_whole_number_of_days_is_told_in_hours() -> None:
    field: Any = form(longest=timedelta(hours=36)).fields["lifetime"]
    offered = [text for _, text in field.choices]

    assert [text.partition(",")[0] for text in offered] == ["1 day", "36 hours"]


def test_a_month_is_proposed_or_less_where_the_site_allows_less() -> None:
    proposed = [
        form(longest=timedelta(days=days)).fields["lifetime"].initial
        for days in (90, 7)
    ]

    assert proposed == [str(30 * 86_400), str(7 * 86_400)]


def test_who_may_only_read_finds_the_wider_levels_closed() -> None:
    levels = form(longest=timedelta(days=7)).levels

    assert [level.is_open for level in levels] == [True, False, False]
