"""The agent learns who it acts for, how far, and what is out of reach and why."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone
from pytest_django import Settings

from agent_connector.models import MCPAccess
from agent_connector.tools.builtin.whoami import WhoamiArguments, whoami
from tests.callers import call, make_caller
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_user_site_and_connection_are_named() -> None:
    user = make_user("jane", first_name="Jane", last_name="Doe")

    answer = call(make_caller(user), "whoami")

    assert answer["user"] == {
        "username": "jane",
        "name": "Jane Doe",
        "superuser": False,
    }
    assert answer["site"]["admin_url"].endswith("/admin/")
    assert answer["connection"]["client"] == "Claude Code"
    assert answer["connection"]["scopes"] == ["read", "write"]


def test_the_time_is_told_for_questions_about_days_and_weeks() -> None:
    before = timezone.now()

    answer = call(make_caller(), "whoami")

    assert before <= datetime.fromisoformat(answer["site"]["now"]) <= timezone.now()


def test_a_site_without_time_zones_says_its_own_time(settings: Settings) -> None:
    caller = make_caller()
    caller.connection.absolute_expires_at = datetime(2026, 9, 1, 12)  # noqa: DTZ001
    settings.USE_TZ = False

    answer = whoami(caller, WhoamiArguments())

    assert answer.connection.ends_at == "2026-09-01T12:00:00"


def test_what_the_user_did_not_allow_can_be_allowed() -> None:
    answer = call(make_caller(make_user(), level="read"), "whoami")

    assert [one["what"] for one in answer["out_of_reach"]] == ["write", "delete"]
    assert "connecting again" in answer["out_of_reach"][0]["why"]


def test_what_an_administrator_limited_is_said_to_be_limited() -> None:
    user = make_user()
    MCPAccess.objects.filter(pk=user.pk).update(ceiling="read")

    answer = call(make_caller(user, level="read"), "whoami")

    assert "administrator" in answer["out_of_reach"][0]["why"]
