"""`manage.py agent_connector` beside the server, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.http.server import ROOT, Site, environment_of

TIMEOUT_SECONDS = 60


def start_command(site: Site, *arguments: str) -> subprocess.Popen[str]:
    """Start it as an operator on the server does; the mails it sends become files."""
    environment = environment_of(site.database_url, port=0)
    return subprocess.Popen(
        [sys.executable, "manage.py", "agent_connector", *arguments],
        cwd=ROOT,
        env={**environment, "TEST_MAIL_DIR": str(_mail_folder(site))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_command(site: Site, *arguments: str) -> str:
    """Run it to its end, and return which process that was."""
    with start_command(site, *arguments) as process:
        said, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0, said
    return str(process.pid)


def mails_of(site: Site) -> str:
    """Return the text of all mails that commands have sent."""
    return "\n".join(one.read_text() for one in _mail_folder(site).glob("*"))


def _mail_folder(site: Site) -> Path:
    return site.log.parent / "mail"
