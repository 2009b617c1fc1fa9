"""Send the demo's mail, into files, as a line in cron does elsewhere."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time

import django

EVERY_SECONDS = 5


def start_mailer() -> None:
    """Start it beside this process, with which it ends."""
    subprocess.Popen([sys.executable, "-m", "panel.demo.mailer"])


def main() -> None:
    """Send what is due again and again, until the demo is gone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")
    demo = os.getppid()
    django.setup()
    from django.db import DatabaseError, connections  # noqa: PLC0415  # needs the apps
    from django.utils import timezone  # noqa: PLC0415  # as above

    from agent_connector.notices.send import send_due_notices  # noqa: PLC0415  # as above

    while os.getppid() == demo:
        with contextlib.suppress(DatabaseError):  # busy: the next round does it
            send_due_notices(now=timezone.now())
        connections.close_all()
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
