"""The report as programs read it: plain values under stable names."""

from __future__ import annotations

import json

from agent_connector.doctor.clients import ClientVerdict, Outlook
from agent_connector.doctor.finding import Blame, Probe, failed, ok
from agent_connector.doctor.report import document_of
from agent_connector.doctor.run import Report
from tests.factories import NOON


def test_it_is_plain_values_under_stable_names() -> None:
    blame = Blame(cause="The proxy.", fix="proxy_pass;")
    report = Report(
        site="https://shop.example",
        at=NOON,
        findings=(ok(Probe.SWITCH, "on"), failed(Probe.HOST, "other", blame)),
        clients=(ClientVerdict(key="codex", title="Codex", result=Outlook.OK),),
    )

    told = json.loads(json.dumps(document_of(report), default=str))

    assert told["site"] == "https://shop.example"
    assert told["healthy"] is False
    assert told["counts"] == {"ok": 1, "failed": 1}
    assert told["findings"][1] == {
        "id": "host",
        "title": "The site's own host name arrives",
        "result": "failed",
        "seen": "other",
        "cause": "The proxy.",
        "fix": "proxy_pass;",
    }
    assert told["clients"] == [
        {"key": "codex", "title": "Codex", "result": "ok", "because": "", "fix": ""}
    ]
