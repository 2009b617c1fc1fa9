"""MCP access: one row a user, disabled and unlimited unless said otherwise."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from agent_connector.models import Level, MCPAccess
from tests.factories import NOON, make_admin, make_user

pytestmark = pytest.mark.django_db


def test_a_new_row_is_disabled_at_epoch_zero_without_a_ceiling() -> None:
    access = MCPAccess.objects.create(user=make_user(enabled=False))

    assert not access.enabled
    assert (access.epoch, access.ceiling) == (0, Level.DELETE)
    assert (access.added_at, access.last_used_at) == (None, None)


def test_a_user_has_one_row_at_the_most() -> None:
    user = make_user()

    with pytest.raises(IntegrityError):
        MCPAccess.objects.create(user=user)


def test_the_row_goes_with_its_user_and_stays_without_who_changed_it() -> None:
    user, admin = make_user(), make_admin()
    MCPAccess.objects.filter(pk=user.pk).update(changed_by=admin, changed_at=NOON)

    admin.delete()

    access = MCPAccess.objects.get(pk=user.pk)
    assert (access.changed_by, access.changed_at) == (None, NOON)
    user.delete()
    assert not MCPAccess.objects.exists()


@pytest.mark.parametrize(("enabled", "word"), [(True, "Enabled"), (False, "Disabled")])
def test_a_row_shows_its_state_and_nobodys_name(*, enabled: bool, word: str) -> None:
    access = MCPAccess(user=make_user("jane", enabled=False), enabled=enabled)

    assert str(access) == f"#{access.pk}: {word}"
