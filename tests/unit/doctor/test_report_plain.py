"""A document of plain text: what is translated late is translated here."""

from __future__ import annotations

import json

from django.utils import translation
from django.utils.translation import gettext_lazy

from agent_connector.doctor.clients import ClientVerdict, Outlook
from agent_connector.doctor.finding import Blame, Probe, warning
from agent_connector.doctor.report import document_of
from agent_connector.doctor.run import Report
from tests.factories import NOON

LAZY = gettext_lazy("The MCP server is switched on")
REPORT = Report(
    site="",
    at=NOON,
    findings=(warning(Probe.SWITCH, LAZY, Blame(cause=LAZY)),),
    clients=(
        ClientVerdict(key="codex", title=LAZY, result=Outlook.WARNING, because=LAZY),
    ),
)


def test_nothing_but_the_moment_is_left_to_be_made_plain() -> None:
    document = document_of(REPORT)

    assert document.pop("at") == NOON
    assert json.loads(json.dumps(document)) == document  # without a `default`
    assert document["healthy"] is True  # a warning is no failure


def test_sentences_follow_the_language_and_names_do_not() -> None:
    english = document_of(REPORT)
    with translation.override("de"):
        german = document_of(REPORT)

    [finding], [client] = german["findings"], german["clients"]
    for said in (finding["title"], finding["cause"], client["because"]):
        assert said != str(LAZY)
    assert (finding["id"], finding["result"]) == ("switch", "warning")
    assert german["counts"] == english["counts"] == {"warning": 1}
