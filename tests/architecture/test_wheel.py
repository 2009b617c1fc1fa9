"""The wheel holds the whole app and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tree import APP, ROOT

PARTS = (
    *("templates", "static", "py.typed", "migrations"),
    "locale/de/LC_MESSAGES/django.mo",
)


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Build the wheel as a release would, without a network; return what is in it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_every_file_of_the_app(wheel_names: list[str]) -> None:
    ours = {
        path.relative_to(APP.parent).as_posix()
        for path in APP.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert ours - set(wheel_names) == set()


@pytest.mark.parametrize("part", PARTS)
def test_the_wheel_holds_what_is_not_code(part: str, wheel_names: list[str]) -> None:
    assert any(name.startswith(f"agent_connector/{part}") for name in wheel_names)


def test_the_wheel_holds_nothing_but_the_app(wheel_names: list[str]) -> None:
    folders = {Path(name).parts[0] for name in wheel_names}

    assert {name for name in folders if not name.endswith(".dist-info")} == {
        "agent_connector"
    }
    assert [name for name in wheel_names if "test" in Path(name).name.lower()] == []
