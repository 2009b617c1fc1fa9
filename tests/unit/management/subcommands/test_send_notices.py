"""The subcommand that cron calls."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core import mail

from agent_connector.management.subcommands import send_notices
from agent_connector.notices import send
from tests.factories import make_connection, make_user

pytestmark = pytest.mark.django_db


@dataclass
class Said:
    """Keeps what the subcommand says."""

    document: dict[str, int] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()

    def result(self, document: dict[str, int], *sentences: str) -> None:
        self.document, self.sentences = document, sentences


def run() -> tuple[int, Said]:
    parser, said = ArgumentParser(), Said()
    send_notices.add_arguments(parser)
    options: Namespace = parser.parse_args([])
    return send_notices.run(options, said), said


def test_it_sends_and_says_how_many() -> None:
    make_connection(make_user(email="jane@example.com"))

    code, said = run()

    assert (code, said.document) == (0, {"mails": 1, "failures": 0})
    assert said.sentences == ("Mails sent: 1. Not taken by the mail server: 0.",)
    assert len(mail.outbox) == 1


def test_nothing_to_send_is_no_failure() -> None:
    assert run()[0] == 0


def test_a_dead_server_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_mail: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(send, "deliver", refuse)
    make_connection(make_user(email="jane@example.com"))

    assert run()[0] == 1
