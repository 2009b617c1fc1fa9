"""`manage.py demo`: make the panel ready, fill it, and serve it."""

from __future__ import annotations

import os
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from panel.demo.mailer import start_mailer
from panel.demo.port import HOST, PortUnusable, claim_port
from panel.demo.seed import seed_demo
from panel.demo.terminal import welcome_lines

DEFAULT_PASSWORD = "demo"  # noqa: S105  # of a demo that only this computer reaches
DEFAULT_WORKERS = "4"
THREADS = "4"


class Command(BaseCommand):
    help = (
        "Prepares the database and the files, fills in the sample shop, and serves"
        " the panel on this computer. PORT, DATABASE_URL, DEMO_ADMIN_PASSWORD and"
        " WEB_CONCURRENCY are read from the environment."
    )
    requires_system_checks = ()

    @sensitive_variables("password")
    def handle(self, *args: object, **options: object) -> None:
        """Prepare everything, say where it is, and become the web server.

        A port that cannot be had is told before anything is written.
        """
        del args, options
        try:
            port = claim_port(settings.PORT)
        except PortUnusable as problem:
            self.stderr.write(f"\n  {problem}\n")
            sys.exit(1)
        password = os.environ.get("DEMO_ADMIN_PASSWORD") or DEFAULT_PASSWORD
        self.stdout.write("  Preparing the database and the files …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write("  Filling in the sample shop …")
        seed_demo(password=password, now=timezone.now())
        url = settings.AGENT_CONNECTOR["SITE_URL"]
        lines = welcome_lines(url=url, password=password, stream=sys.stdout)
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        serve(port=port)


def serve(*, port: int) -> None:
    """Replace this process by gunicorn, which then gets Ctrl-C itself.

    No access log: the request lines of a sign-in carry one-time codes.
    """
    workers = os.environ.get("WEB_CONCURRENCY") or DEFAULT_WORKERS
    os.environ.pop("DEMO_ADMIN_PASSWORD", None)
    arguments = [
        *(sys.executable, "-m", "gunicorn", "panel.wsgi:application"),
        *("--bind", f"{HOST}:{port}", "--reuse-port"),
        *("--workers", workers, "--worker-class", "gthread", "--threads", THREADS),
        *("--graceful-timeout", "5", "--keep-alive", "30"),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    start_mailer()
    os.execv(sys.executable, arguments)  # noqa: S606  # no shell, fixed words
