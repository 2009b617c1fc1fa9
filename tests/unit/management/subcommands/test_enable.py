"""Enabling is the same act as on the screens, and on record as the command's."""

from __future__ import annotations

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from agent_connector.models import Event, MCPAccess
from tests.commands import run
from tests.factories import make_admin, make_user
from tests.hearing import hear

pytestmark = pytest.mark.django_db


def enabled() -> set[str]:
    access = MCPAccess.objects.filter(enabled=True)
    return set(access.values_list("user__username", flat=True))


def test_users_are_enabled_on_record_as_the_commands_act() -> None:
    make_user("jane", enabled=False)
    make_user("omar")

    ran = run("enable", "jane", "omar")

    assert ran.code == 0
    assert ran.out == "Enabled MCP access of jane.\n"
    assert enabled() == {"jane", "omar"}
    event = Event.objects.get()
    assert event.kind == Event.Kind.ACCESS_ENABLED
    assert (event.user.get_username() if event.user else "", event.actor) == (
        "jane",
        None,
    )
    assert event.detail == "manage.py agent_connector enable"


def test_somebody_may_be_named_as_the_actor() -> None:
    make_user("jane", enabled=False)
    root = make_admin("root")

    run("enable", "jane", "--as", "root")

    assert Event.objects.get().actor == root
    assert MCPAccess.objects.get(user__username="jane").changed_by == root


@pytest.mark.parametrize("arguments", [("jane", "nobody"), ("jane", "--as", "nobody")])
def test_one_wrong_name_stops_all_of_it(arguments: tuple[str, ...]) -> None:
    make_user("jane", enabled=False)

    assert run("enable", *arguments).code == 1
    assert enabled() == set()


def test_a_dry_run_says_it_and_changes_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make_user("jane", enabled=False)

    with (
        hear("access_changed") as heard,
        django_capture_on_commit_callbacks(execute=True),
    ):
        ran = run("enable", "jane", "--dry-run", "--json")

    assert ran.document == {"dry_run": True, "users": ["jane"], "changed": 1}
    assert (enabled(), heard) == (set(), [])
    assert not Event.objects.exists()
    assert not MCPAccess.objects.exists()


def test_the_signal_is_sent(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    jane = make_user("jane", enabled=False)

    with (
        hear("access_changed") as heard,
        django_capture_on_commit_callbacks(execute=True),
    ):
        run("enable", "jane")

    assert heard == [{"user_ids": [jane.pk], "enabled": True, "actor": None}]


def test_whoever_can_connect_nothing_all_the_same_is_named() -> None:
    make_user("customer", is_staff=False, enabled=False)

    ran = run("enable", "customer")

    assert ran.code == 0
    assert ran.err == "customer is not an active staff user, and can connect nothing.\n"


def test_enabling_twice_is_no_error() -> None:
    make_user("omar")

    ran = run("enable", "omar")

    assert ran.code == 0
    assert ran.out == "It was enabled before. Nothing was changed.\n"
