"""The screens in host projects, in Chromium: Unfold, plain, and one of its own kind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOSTS = {
    "Unfold": ("tests.unfold_site.browse",),
    "plain admin": ("tests.unfold_site.browse", "tests.plain_site.settings"),
    "own AdminSite, users with UUIDs and e-mail": ("tests.uuid_users.browse",),
}


@pytest.mark.browser
@pytest.mark.parametrize("host", HOSTS)
def test_everything_fits_and_works_by_mouse(host: str, tmp_path: Path) -> None:
    path = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    database = str(tmp_path / "host.sqlite3")

    look = subprocess.run(
        [sys.executable, "-m", *HOSTS[host]],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "UNFOLD_DATABASE": database,
            "UUID_DATABASE": database,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert look.returncode == 0, look.stderr
