"""Mailboxes: one a person, gone with the person."""

from __future__ import annotations

import pytest

from agent_connector.models import Mailbox
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db


def test_it_goes_with_its_user() -> None:
    user = make_user()
    Mailbox.objects.create(user=user, next_at=NOON)

    user.delete()

    assert not Mailbox.objects.exists()


def test_showing_it_shows_no_name() -> None:
    user = make_user("jane")

    assert str(Mailbox(user=user)) == f"#{user.pk}"
