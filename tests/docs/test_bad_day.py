"""The administrator's guide does what it promises, line by line."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from agent_connector.connections.refusal import Refusal
from agent_connector.connections.revoke import revoke_connection
from agent_connector.connections.rotate import rotate_refresh_token
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Client, Connection
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.architecture.tree import ROOT
from tests.backup import backup
from tests.commands import run
from tests.factories import make_connection, make_user
from tests.parallel import database_of_threads

PAGE = (ROOT / "docs" / "bad-day.md").read_text(encoding="utf-8")


def commands_under(heading: str) -> list[list[str]]:
    """Return the arguments of each command that a part of the page has one run."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        shlex.split(line)
        for line in re.findall(
            r"^ *\$ manage\.py agent_connector (.*)$", part, re.MULTILINE
        )
    ]


@pytest.fixture
def _on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


def is_accepted(text: str) -> bool:
    answer = verify_access_token(
        text, resource=resource_url(), now=timezone.now(), address=None
    )
    return isinstance(answer, Caller)


@pytest.mark.usefixtures("_on_disk")
def test_after_a_restore_no_token_is_left_alive(tmp_path: Path) -> None:
    connection, pair = make_connection(make_user("jane"))
    with backup(tmp_path) as (take, restore):
        take()
        revoke_connection(
            connection,
            reason=Connection.RevokedReason.ADMIN,
            actor=None,
            now=timezone.now(),
        )
        assert not is_accepted(pair.access)
        restore()
        assert is_accepted(pair.access)  # the danger: it was revoked, and is back

        steps = commands_under("Restoring a backup")
        codes = [run(*step).code for step in steps]

        assert steps[1] == ["tokens", "--status", "active"]
        assert codes == [0, 1, 0, 0]  # 1: no token is active
        assert not is_accepted(pair.access)
        answer = rotate_refresh_token(
            pair.refresh,
            client=Client.objects.get(),
            level="",
            now=timezone.now(),
            address=None,
        )
        assert isinstance(answer, Refusal)


@pytest.mark.django_db
def test_every_command_on_the_page_is_one() -> None:
    lines = re.findall(r"^ *\$ manage\.py agent_connector (.*)$", PAGE, re.MULTILINE)

    assert len(lines) > 10
    for line in lines:
        arguments = shlex.split(line.partition(" < ")[0])
        assert run(*arguments).code in {0, 1}, line
