"""Ask the site over its public address whether AI clients can connect."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone

from agent_connector.doctor.clients import Outlook
from agent_connector.doctor.finding import Finding, Result
from agent_connector.doctor.headline import headline_of
from agent_connector.doctor.report import document_of
from agent_connector.doctor.run import examine
from agent_connector.management.find import find_user
from agent_connector.management.output import DONE, NOTHING

if TYPE_CHECKING:
    from agent_connector.doctor.clients import ClientVerdict
    from agent_connector.doctor.run import Report
    from agent_connector.management.output import Output

HELP = """\
Ask the site over its public address whether AI clients can connect.

Run it on the server, with the site's own settings and environment: it asks SITE_URL
as a client would, and compares what arrives. It takes up to half a minute and changes
nothing, but with --as: then it opens a connection of that user that may only read,
calls a tool, revokes the connection and removes it. All of that stands on record, as
what the doctor did; nobody is mailed.

Exit code 0: nothing has failed, though there may be warnings. 1: something has.

examples:
  manage.py agent_connector doctor
  manage.py agent_connector doctor --as jane
  manage.py agent_connector doctor --json
"""
VIA = "manage.py agent_connector doctor"
WIDTH = 96
COLUMN = 10
CLIENT_WORDS = {
    Outlook.OK: "works",
    Outlook.WARNING: "almost",
    Outlook.FAILED: "fails",
    Outlook.OUT_OF_REACH: "no reach",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as",
        dest="user",
        metavar="USERNAME",
        help="try a real connection in the name of this user, and remove it",
    )


def run(options: argparse.Namespace, out: Output) -> int:
    user = find_user(options.user) if options.user else None
    report = examine(now=timezone.now(), user=user, via=VIA)
    out.result(document_of(report), *_lines(report))
    return DONE if report.is_healthy else NOTHING


def _lines(report: Report) -> Iterator[str]:
    yield report.site or "(no SITE_URL)"
    yield ""
    for finding in report.findings:
        yield from _of_finding(finding)
    yield ""
    yield "AI clients"
    for client in report.clients:
        yield from _of_client(client)
    yield ""
    counts = report.counts
    yield f"{headline_of(report)}."
    yield ", ".join(f"{counts[result]} {result}" for result in Result) + "."


def _of_finding(finding: Finding) -> Iterator[str]:
    seen = f": {finding.seen}" if finding.seen else ""
    yield f"{finding.result:{COLUMN}}{finding.title}{seen}"
    yield from _explained(str(finding.cause), finding.fix)


def _of_client(client: ClientVerdict) -> Iterator[str]:
    yield f"{CLIENT_WORDS[client.result]:{COLUMN}}{client.title}"
    yield from _explained(str(client.because), client.fix)


def _explained(cause: str, fix: str) -> Iterator[str]:
    """Yield the cause, folded, and below it the lines to copy, which are not."""
    yield from textwrap.wrap(
        cause, WIDTH, initial_indent=" " * COLUMN, subsequent_indent=" " * COLUMN
    )
    for line in fix.splitlines():
        yield f"{' ' * COLUMN}| {line}"
