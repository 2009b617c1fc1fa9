"""The real panel under gunicorn, four workers, for the time of a test run."""

from __future__ import annotations

import atexit
import functools
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.http.database import dump_database, fresh_database

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 4
START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running server, and what was issued by it so far."""

    url: str
    """Scheme, host and port, without a final slash."""

    database_url: str = field(repr=False)
    log: Path
    secrets: list[str] = field(default_factory=list, repr=False)
    """Every token and code that a test has seen: none may be found at rest."""

    @property
    def mcp_url(self) -> str:
        return f"{self.url}/mcp"

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/.well-known/oauth-protected-resource/mcp"

    def kept_secrets(self) -> list[str]:
        """Return those secrets that the database or the log holds as text."""
        kept = dump_database(self.database_url) + self.log.read_bytes()
        return [one for one in self.secrets if one.encode() in kept]

    def assert_sound(self) -> None:
        """Nothing secret was kept anywhere, and nothing broke."""
        assert self.kept_secrets() == []
        log = self.log.read_text()
        for trouble in ("Internal Server Error", "Error handling request", " broke"):
            assert trouble not in log, log[-20_000:]


@contextmanager
def running_site(
    folder: Path, *, options: str = "", **variables: str
) -> Iterator[Site]:
    """Copy the seeded database, serve it, and stop all of it by process id.

    `options` are the query of `DATABASE_URL` while it is served; `variables` go into
    the server's environment.
    """
    copy = fresh_database(folder, template=_seeded_database())
    with copy as database_url, listening_socket() as listener:
        port = listener.getsockname()[1]
        served = f"{database_url}{options and '?'}{options}"
        environment = {**environment_of(served, port=port), **variables}
        site = Site(
            url=f"http://127.0.0.1:{port}",
            database_url=database_url,
            log=folder / "gunicorn.log",
        )
        with _served(site, listener, environment=environment):
            yield site


@functools.cache
def _seeded_database() -> str:
    """Return the URL of what every site begins with, made once in this process."""
    kept = ExitStack()
    atexit.register(kept.close)
    folder = kept.enter_context(tempfile.TemporaryDirectory())
    url = kept.enter_context(fresh_database(Path(folder)))
    subprocess.run(
        [sys.executable, "-m", "tests.http.seed"],
        cwd=ROOT,
        env=environment_of(url, port=0),
        check=True,
    )
    return url


@contextmanager
def site_not_served(folder: Path) -> Iterator[Site]:
    """Copy the seeded database for commands alone."""
    with fresh_database(folder, template=_seeded_database()) as database_url:
        yield Site(url="", database_url=database_url, log=folder / "no.log")


@contextmanager
def site_without_database(folder: Path, *, database_url: str) -> Iterator[Site]:
    """Serve the panel although nothing answers at `database_url`."""
    with listening_socket() as listener:
        port = listener.getsockname()[1]
        site = Site(
            url=f"http://127.0.0.1:{port}",
            database_url=database_url,
            log=folder / "gunicorn.log",
        )
        environment = environment_of(database_url, port=port)
        with _served(site, listener, environment=environment):
            yield site


@contextmanager
def _served(
    site: Site, listener: socket.socket, *, environment: dict[str, str]
) -> Iterator[None]:
    with site.log.open("wb") as output:
        process = _start(listener, environment=environment, output=output.fileno())
    try:
        _wait_until_it_answers(site)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def listening_socket() -> Iterator[socket.socket]:
    """A free port that stays ours: the server inherits it, nobody can take it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        yield listener


def environment_of(database_url: str, *, port: int) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COV_", "PYTEST_")) and name != "DEBUG"
    }
    return {
        **inherited,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.http.settings",
        "GUNICORN_CMD_ARGS": f"--workers {WORKERS} --threads 4",
        "PORT": str(port),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }


def _start(
    listener: socket.socket, *, environment: dict[str, str], output: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "tests.http.wsgi:application"),
            *("--bind", f"fd://{listener.fileno()}", "--worker-class", "gthread"),
            *("--log-level", "warning"),
            *("--graceful-timeout", "1", "--no-control-socket"),
            "--preload",  # the workers share what is imported, and boot at once
        ],
        cwd=ROOT,
        env=environment,
        pass_fds=[listener.fileno()],
        stdout=output,
        stderr=subprocess.STDOUT,
    )


def _wait_until_it_answers(site: Site) -> None:
    """One request waits in the socket's queue until a worker has booted.

    It asks nothing of the database.
    """
    answer = httpx.post(site.mcp_url, timeout=START_SECONDS)
    if answer.status_code != httpx.codes.UNAUTHORIZED:
        raise RuntimeError(f"{answer.status_code}\n{site.log.read_text()}")
