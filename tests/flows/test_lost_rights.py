"""Rights end at once, by whatever hand they were taken: pages, the shell or SQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

from agent_connector.models import MCPAccess
from tests.factories import PASSWORD, make_admin, make_connection, make_user
from tests.screens import calls, set_access, signed_in

pytestmark = pytest.mark.django_db


def sql(statement: str, user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [user.pk])
        assert cursor.rowcount == 1


def _save(user: User, **changes: bool) -> None:
    for name, value in changes.items():
        setattr(user, name, value)
    user.save()


def _on_the_edit_page(user: User) -> None:
    """Untick "active" on the host's own page, as an administrator does."""
    browser = signed_in(make_admin())
    form = {"username": user.username, "is_staff": "on"}
    moments = {"date_joined_0": "2026-03-02", "date_joined_1": "12:00:00"}
    answer = browser.post(f"/admin/auth/user/{user.pk}/change/", form | moments)
    assert answer.status_code == 302


def _on_the_password_page(user: User) -> None:
    """Change one's own password, as everybody may."""
    form = {"old_password": PASSWORD, "new_password1": "n€w-and-long"}
    again = {"new_password2": "n€w-and-long"}
    answer = signed_in(user).post("/admin/password_change/", form | again)
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "take_away",
    [
        pytest.param(lambda u: _save(u, is_active=False), id="deactivated"),
        pytest.param(lambda u: _save(u, is_staff=False), id="no longer staff"),
        pytest.param(_on_the_edit_page, id="deactivated on the edit page"),
        pytest.param(_on_the_password_page, id="password page"),
        pytest.param(lambda u: u.delete(), id="deleted"),
        pytest.param(
            lambda u: User.objects.filter(pk=u.pk).update(is_active=False),
            id="deactivated in bulk",
        ),
        pytest.param(
            lambda u: sql("UPDATE auth_user SET is_active = false WHERE id = %s", u),
            id="deactivated by SQL",
        ),
        pytest.param(
            lambda u: sql("UPDATE auth_user SET is_staff = false WHERE id = %s", u),
            id="no longer staff by SQL",
        ),
        pytest.param(
            lambda u: sql(
                "UPDATE agent_connector_mcpaccess SET enabled = false"
                " WHERE user_id = %s",
                u,
            ),
            id="disabled by SQL",
        ),
        pytest.param(
            lambda u: sql(
                "DELETE FROM agent_connector_mcpaccess WHERE user_id = %s", u
            ),
            id="access row deleted by SQL",
        ),
        pytest.param(
            lambda u: set_access(signed_in(make_admin()), u, "disabled"),
            id="disabled on the screen",
        ),
    ],
)
def test_the_next_call_is_refused(take_away: Callable[[User], None]) -> None:
    user = make_user("jane")
    _, pair = make_connection(user)
    before = calls(pair.access)

    take_away(user)

    assert (before, calls(pair.access)) == (200, 401)


def test_a_user_disabled_by_sql_and_enabled_again_gets_nothing_back() -> None:
    user = make_user("jane")
    _, pair = make_connection(user)
    sql("UPDATE agent_connector_mcpaccess SET enabled = false WHERE user_id = %s", user)

    set_access(signed_in(make_admin()), user, "enabled")

    assert MCPAccess.objects.get(user=user).enabled
    assert calls(pair.access) == 401


def test_an_administrator_without_permission_loses_the_screens_at_once() -> None:
    role = Group.objects.create(name="Administrators")
    role.permissions.set(
        Permission.objects.filter(content_type__app_label="agent_connector")
    )
    viewer = make_user()
    viewer.groups.add(role)
    browser = signed_in(viewer)
    grid = "/admin/agent_connector/mcpuser/"
    before = browser.get(grid).status_code

    role.permissions.clear()

    assert (before, browser.get(grid).status_code) == (200, 403)
