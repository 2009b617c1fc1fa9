"""The screens in a host project whose admin wears Unfold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _run(module: str, *, database: str) -> subprocess.CompletedProcess[str]:
    path = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, "-m", f"tests.unfold_site.{module}"],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "UNFOLD_DATABASE": database,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_screen_opens_in_its_frame() -> None:
    walk = _run("walk", database=":memory:")

    assert walk.returncode == 0, walk.stderr
