"""The files of this project, as the architecture tests read them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "src" / "agent_connector"
PANEL = ROOT / "panel"
TESTS = ROOT / "tests"

NOT_OURS = {"node_modules", "__pycache__", "_build", "dist", "htmlcov", "var"}


def python_files(folder: Path, *, with_migrations: bool = False) -> list[Path]:
    """Return the Python files below `folder`, what was installed there left out."""
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if not NOT_OURS.intersection(path.relative_to(ROOT).parts)
        and (with_migrations or "migrations" not in path.parts)
    ]


def name_of(path: Path) -> str:
    """Return the path from the root of the project: a readable test id."""
    return str(path.relative_to(ROOT))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def module_of(path: Path) -> str:
    """Return the dotted name under which a file of the app or the panel is imported."""
    relative = path.relative_to(APP.parent if APP in path.parents else ROOT)
    parts = relative.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def check_ids() -> set[str]:
    """Return the ids of our system checks, as the code has them."""
    code = "".join(path.read_text(encoding="utf-8") for path in python_files(APP))
    return set(re.findall(r'id="(agent_connector\.[EW]\d{3})"', code))


def project_texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of every text file that is, or is about to be, committed."""
    for name in _listed_by_git() or _walked():
        path = ROOT / name
        try:
            yield name, path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or removed and not yet committed


def _listed_by_git() -> list[str]:
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return []  # no git here, or not a checkout
    return listing.stdout.split("\0")[:-1]


def _walked() -> list[str]:
    return [
        name_of(path)
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and not NOT_OURS.intersection(path.relative_to(ROOT).parts)
        and not any(
            part.startswith((".venv", ".git", ".mypy", ".ruff", ".pytest", ".cov"))
            for part in path.relative_to(ROOT).parts
        )
    ]
