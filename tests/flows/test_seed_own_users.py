"""The screens in a host project that has users of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_uuid_keys_and_sign_in_by_e_mail_work_on_every_screen() -> None:
    path = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))}

    walk = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.uuid_users.walk"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert walk.returncode == 0, walk.stderr
