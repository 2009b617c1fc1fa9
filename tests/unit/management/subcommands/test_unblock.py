"""Unblocking brings nothing back but the chance to ask."""

from __future__ import annotations

import pytest

from agent_connector.models import Client, Event
from tests.commands import run
from tests.factories import make_client

pytestmark = pytest.mark.django_db


def test_a_client_can_be_authorized_again() -> None:
    make_client("Wild", client_id="wild", trust=Client.Trust.BLOCKED)
    assert "would no longer be" in run("unblock", "wild", "--dry-run").out
    assert Client.objects.get().trust == Client.Trust.BLOCKED

    ran = run("unblock", "Wild")

    assert (ran.code, Client.objects.get().trust) == (0, Client.Trust.DEFAULT)
    assert (
        Event.objects.get().detail == "Wild (wild); manage.py agent_connector unblock"
    )
    assert run("unblock", "wild").out == "Wild was not blocked.\n"
