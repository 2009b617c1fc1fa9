"""A fresh computer for one client: its own home, our browser, Node from the lock."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = HERE / "node_modules" / ".bin"
TIMEOUT_SECONDS = 90
BROWSER_NAMES = ("acceptance-browser", "xdg-open", "open", "sensible-browser")
"""Under these names clients look for a browser, `BROWSER` or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where a client runs; nothing it stores outlives the test."""

    home: Path
    environment: dict[str, str]

    def run(
        self,
        *command: str,
        terminal: bool = False,
        say: Sequence[object] = (),
        until: str = "",
        watch: Callable[[str], object] = str,
    ) -> str:
        """Run a command to its end and return all that it printed.

        `say` is written to it, one line of JSON each. `terminal` gives it a pseudo
        terminal, which some clients insist on. With `until`, it is ended as soon as it
        printed a line with that text; `watch` is told each line as it comes. After
        `TIMEOUT_SECONDS` it is ended in any case, and what it printed counts.
        """
        if terminal:
            command = ("script", "-qec", shlex.join(command), "/dev/null")
        process = subprocess.Popen(
            command,
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.PIPE,  # stays open: some clients end when it is closed
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        alarm = threading.Timer(TIMEOUT_SECONDS, _end, [process])
        alarm.start()
        try:
            _write(process, say)
            return _read(process, until=until, watch=watch)
        finally:
            alarm.cancel()
            _end(process)
            process.communicate()

    def open(self, url: str) -> None:
        """Let the person of this computer open an address, and go on meanwhile."""
        command = [self.environment["BROWSER"], url]
        threading.Thread(
            target=subprocess.run,
            args=[command],
            kwargs={"cwd": self.home, "env": self.environment, "check": True},
        ).start()


def make_machine(home: Path, *, username: str) -> Machine:
    """Return a computer whose browser signs in as this user."""
    programs = home / "bin"
    programs.mkdir()
    for name in BROWSER_NAMES:
        script = programs / name
        script.write_text(
            "#!/bin/sh\n"
            f'exec {shlex.quote(sys.executable)} -m tests.acceptance.browser "$@"'
            f" >>{shlex.quote(str(home / 'browser.log'))} 2>&1\n"
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    path = [str(programs), str(PROGRAMS), os.environ.get("PATH", os.defpath)]
    return Machine(
        home=home,
        environment={
            "ACCEPTANCE_USER": username,
            "BROWSER": str(programs / BROWSER_NAMES[0]),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "MCP_AUTO_OPEN_ENABLED": "true",
            "PATH": os.pathsep.join(path),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "TERM": "xterm-256color",
        },
    )


def _write(process: subprocess.Popen[str], messages: Sequence[object]) -> None:
    if process.stdin is not None:
        process.stdin.writelines(f"{json.dumps(message)}\n" for message in messages)
        process.stdin.flush()


def _read(
    process: subprocess.Popen[str], *, until: str, watch: Callable[[str], object]
) -> str:
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        watch(line)
        if until and until in line:
            break
    return "".join(lines)


def _end(process: subprocess.Popen[str]) -> None:
    """End the command and all that it started, by its own process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
