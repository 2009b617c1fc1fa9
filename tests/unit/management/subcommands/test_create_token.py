"""A token is printed once, for what its user may do and the site allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Connection, Event, MCPAccess, Token
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.commands import Ran, run
from tests.factories import allow_personal_tokens, make_admin, make_user

pytestmark = pytest.mark.django_db


def create(*more: str, name: str = "nightly", level: str = "read") -> Ran:
    return run("create-token", "jane", "--name", name, "--level", level, *more)


def verified(text: str) -> Caller:
    answer = verify_access_token(
        text, resource=resource_url(), now=timezone.now(), address=None
    )
    assert isinstance(answer, Caller)
    return answer


def test_the_token_alone_is_on_stdout_and_works() -> None:
    jane = make_user("jane")
    allow_personal_tokens()

    ran = create()

    caller = verified(ran.out.removesuffix("\n"))
    assert (ran.code, caller.user.pk, caller.level) == (0, jane.pk, "read")
    assert "shown once" in ran.err
    assert "acp_" not in ran.err
    days = (caller.connection.expires_at - timezone.now()) / timedelta(days=1)
    assert 29.9 < days <= 30


def test_it_is_on_record_as_the_commands_act_without_the_token() -> None:
    make_user("jane")
    make_admin("root")
    allow_personal_tokens()

    text = create("--as", "root").out.strip()

    event = Event.objects.get()
    assert event.detail == (
        "nightly (read, personal access token); manage.py agent_connector create-token"
    )
    assert event.actor is not None
    assert (event.actor.get_username(), text in str(vars(event))) == ("root", False)


def test_programs_get_the_id_to_revoke_it_by() -> None:
    make_user("jane")
    allow_personal_tokens()

    document = create("--json", "--days", "7").document

    assert verified(document["token"]).connection == Connection.objects.get(
        public_id=document["id"]
    )
    assert (document["user"], document["name"]) == ("jane", "nightly")


def test_a_dry_run_makes_and_prints_none() -> None:
    make_user("jane")
    allow_personal_tokens()

    ran = create("--dry-run", "--json")

    assert (ran.code, ran.document["dry_run"]) == (0, True)
    assert "acp_" not in ran.out
    assert not Token.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "  "}, "--name is 1 to 100 characters"),
        ({"name": "x" * 101}, "--name is 1 to 100 characters"),
        ({"level": "write"}, "You may not add or change anything"),
        ({"level": "delete"}, "You may not delete anything"),
    ],
)
def test_what_a_page_would_not_offer_is_refused(
    given: dict[str, str], why: str
) -> None:
    make_user("jane")
    allow_personal_tokens()

    ran = create(**given)

    assert (ran.code != 0, ran.out) == (True, "")
    assert why in ran.err
    assert not Token.objects.exists()


def test_a_token_for_a_name_is_refused() -> None:
    make_user("jane")
    allow_personal_tokens()
    text = create().out.strip()

    ran = create(name=f"x {text}")

    assert (ran.code, ran.out) == (2, "")
    assert text not in ran.err


def test_the_settings_of_the_site_hold() -> None:
    make_user("jane")
    assert "not allowed on this site" in create().err

    allow_personal_tokens(longest_days=10)

    assert "longer than the site allows" in create("--days", "11").err
    assert create("--days", "10").code == 0
    assert create().code == 0  # no more than the maximum, unasked


def test_the_ceiling_and_the_access_hold() -> None:
    jane = make_admin("jane")
    allow_personal_tokens()
    MCPAccess.objects.filter(user=jane).update(ceiling="read")

    assert "An administrator limits" in create(level="delete").err
    MCPAccess.objects.filter(user=jane).update(enabled=False)
    assert "agent_connector enable" in create().err
    assert not Token.objects.exists()


def test_without_an_address_no_token_could_work(settings: Settings) -> None:
    make_user("jane")
    allow_personal_tokens()
    settings.AGENT_CONNECTOR = {}

    ran = create()

    assert ran.code == 1
    assert 'Set AGENT_CONNECTOR["SITE_URL"] first' in ran.err
