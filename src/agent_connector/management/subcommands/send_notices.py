"""Send the mail that is due."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils import timezone

from agent_connector.notices.send import send_due_notices

HELP = """\
Mail people what happened to their AI clients.

Let it run every minute: a line in cron, or whatever runs things at times here. It sends
what waits, one mail a person and ten minutes, and what could not be sent before. It may
run twice at once, and be stopped at any time.

examples:
  manage.py agent_connector send-notices
  * * * * *  cd /srv/site && venv/bin/python manage.py agent_connector send-notices
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace, out: Any) -> int:
    """Return 1 if the mail server took none of what was due."""
    del options
    sent = send_due_notices(now=timezone.now())
    out.result(
        {"mails": sent.mails, "failures": sent.failures},
        f"Mails sent: {sent.mails}. Not taken by the mail server: {sent.failures}.",
    )
    return int(bool(sent.failures and not sent.mails))
