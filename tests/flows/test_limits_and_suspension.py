"""What a client is told that calls too often, or was suspended, and how it ends."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.connections.suspend import resume_connection
from agent_connector.models import (
    Connection,
    ConnectorSettings,
    MCPAccess,
    RolePolicy,
    ToolCall,
)
from panel.shop.admin.category import CategoryAdmin
from panel.shop.models.category import Category
from tests.authorization import ask_refresh
from tests.callers import use_admin
from tests.factories import make_admin, make_client, make_connection
from tests.statements import statements
from tests.wire import access_token, call, json_of, send

pytestmark = pytest.mark.django_db


def set_limits(**values: int) -> None:
    ConnectorSettings.objects.update_or_create(pk=1, defaults=values)


def suspend(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(suspended_at=timezone.now())


def test_too_many_calls_are_a_tool_error_that_the_model_can_read() -> None:
    token = access_token()
    set_limits(calls_per_minute=2)

    answers = [json_of(call(token, "whoami"))["result"] for _ in range(6)]
    over = answers[-1]

    assert [one["isError"] for one in answers[:2]] == [False, False]
    assert over["isError"]
    assert "too_many_calls" in over["content"][0]["text"]
    assert "seconds, then call it again" in over["content"][0]["text"]
    assert ToolCall.objects.filter(reason="too_many_calls").count() in {1, 2}


def test_zero_is_no_limit() -> None:
    token = access_token()
    set_limits(calls_per_minute=0)

    assert not any(json_of(call(token, "whoami"))["result"]["isError"] for _ in "12345")


def test_a_role_limits_below_the_site_and_never_above_it() -> None:
    set_limits(calls_per_minute=2)
    by_role: dict[int, int] = {}
    for most in (1, 50):
        user = make_admin(username="")
        role = user.groups.create(name=f"At most {most}")
        RolePolicy.objects.create(group=role, calls_per_minute=most)
        token = access_token(user)
        answers = [json_of(call(token, "whoami"))["result"] for _ in range(4)]
        by_role[most] = sum(not one["isError"] for one in answers)

    assert by_role == {1: 1, 50: 2}


def test_the_limits_cost_no_statement() -> None:
    token = access_token()
    call(token, "whoami")
    MCPAccess.objects.update(last_used_at=None)  # as if it was not in this second
    with statements() as seen:
        call(token, "whoami")

    writes = [one for one in seen if not one.startswith("SELECT")]
    assert [one.split()[0] for one in writes] == ["INSERT", "UPDATE", "UPDATE"]
    assert len(seen) == len(writes) + 1


def test_a_run_of_refused_calls_suspends_and_every_answer_says_so() -> None:
    connection, pair = make_connection(make_admin())
    set_limits(refused_calls_to_suspend=3)

    for _ in range(3):
        assert call(pair.access, "nothing_like_it").status_code == 200
    answers = [call(pair.access, "whoami"), send(pair.access)]

    for answer in answers:
        assert answer.status_code == 403
        message = json_of(answer)["error"]["message"]
        assert message.startswith("Suspended at ")
        assert "Its user can resume the connection under Account Setting" in message
        assert "WWW-Authenticate" not in answer.headers
    connection.refresh_from_db()
    assert connection.revoked_at is None
    assert ToolCall.objects.count() == 3


def test_suspended_the_tokens_are_kept_and_refreshed_and_work_once_resumed() -> None:
    program, user = make_client(), make_admin()
    connection, pair = make_connection(user, program)
    suspend(connection)

    refreshed = ask_refresh(
        Browser(), client_id=program.client_id, refresh_token=pair.refresh
    )
    token = refreshed.json()["access_token"]

    assert refreshed.status_code == 200
    assert send(token).status_code == 403
    resume_connection(connection, actor=user, now=timezone.now())
    assert send(token).status_code == 200


def test_revoked_is_said_before_suspended() -> None:
    connection, pair = make_connection(make_admin())
    suspend(connection)
    Connection.objects.update(
        revoked_at=timezone.now(), revoked_reason=Connection.RevokedReason.USER
    )

    assert send(pair.access).status_code == 401


def test_suspended_meanwhile_a_change_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection, pair = make_connection(make_admin(), level="write")
    category = Category.objects.create(name="Lamps", slug="lamps")

    class Meanwhile(CategoryAdmin):
        def save_model(self, *args: Any, **options: Any) -> None:
            super().save_model(*args, **options)
            suspend(connection)

    use_admin(monkeypatch, Category, Meanwhile)
    answer = call(
        pair.access,
        "update_record",
        model="shop.category",
        id=str(category.pk),
        values={"name": "Changed"},
    )

    category.refresh_from_db()
    assert category.name == "Lamps"
    assert answer.status_code == 403
    assert ToolCall.objects.get().reason == "suspended"


def test_a_suspended_token_is_not_counted_as_active() -> None:
    connection, _ = make_connection(make_admin())
    now = timezone.now()
    assert Connection.objects.active(at=now).count() == 1

    suspend(connection)

    assert not Connection.objects.active(at=now).exists()


def test_to_authorize_anew_gives_a_connection_that_works() -> None:
    program, user = make_client(), make_admin()
    old, _ = make_connection(user, program)
    suspend(old)

    _, pair = make_connection(user, program)

    assert send(pair.access).status_code == 200
    old.refresh_from_db()
    assert old.revoked_reason == Connection.RevokedReason.REPLACED
