"""What is committed speaks of the product only, and keeps its own promises."""

from __future__ import annotations

import ast
import re
import sys

from tests.architecture.tree import APP, ROOT, project_texts, python_files

HOSTS = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
    )
]
"""Registries that a lock must not name; in pieces, for this file is committed too."""

MACHINE_PATHS = re.compile(r"(?<![\w.$}{])/(work|root|tmp|home/\w+)/")
TRACKER = re.compile(r"\bissue #?\d", re.IGNORECASE)


def test_no_file_names_a_package_registry() -> None:
    naming = [
        name for name, text in project_texts() if any(host in text for host in HOSTS)
    ]

    assert naming == []


def test_no_lock_names_a_download_address() -> None:
    locks = {
        name: text
        for name, text in project_texts()
        if name.startswith("requirements/") or name.endswith("package-lock.json")
    }

    assert len(locks) > 1
    assert [name for name, text in locks.items() if '"resolved"' in text] == []
    assert [name for name, text in locks.items() if "--index-url" in text] == []
    assert [name for name, text in locks.items() if "--find-links" in text] == []
    assert [name for name, text in locks.items() if " @ " in text] == []


def test_no_file_speaks_of_somebodys_machine() -> None:
    offending = {
        name: found[0]
        for name, text in project_texts()
        if (found := MACHINE_PATHS.search(text))
    }

    assert offending == {}


def test_no_file_leans_on_a_tracker() -> None:
    offending = {
        name: found[0]
        for name, text in project_texts()
        if (found := TRACKER.search(text))
    }

    assert offending == {}


def test_decisions_are_numbered_uniquely_and_without_gaps() -> None:
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))

    numbers = [name[:4] for name in pages]

    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]


def test_commands_in_the_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipes = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    named = {
        (name, recipe)
        for name, text in project_texts()
        if name.endswith(".md")
        for recipe in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)
    }

    assert {"demo", "test"} <= {recipe for name, recipe in named if name == "README.md"}
    assert {(name, recipe) for name, recipe in named if recipe not in recipes} == set()


def test_the_run_time_needs_are_said_once() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lock_source = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8")

    said = re.search(r"^dependencies = \[(.*)\]$", project, re.MULTILINE)

    assert said is not None
    assert [need.strip(' "') for need in said[1].split(",")] == [
        line for line in lock_source.splitlines() if not line.startswith("#")
    ]


def test_no_new_minor_of_the_wire_library_comes_by_itself() -> None:
    """We replace methods of it: a new one is tried before it is let in."""
    needs = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8")

    assert re.findall(r"^django-mcpz(.*)$", needs, re.MULTILINE) == ["~=1.2.0"]


def test_the_app_imports_what_it_needs_and_no_sdk_of_the_protocol() -> None:
    imported = {
        name.partition(".")[0]
        for path in python_files(APP, with_migrations=True)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported_by(node)
    }

    others = imported - sys.stdlib_module_names - {"agent_connector"}
    assert others == {"django", "django_mcpz", "django_stubs_ext", "msgspec"}


def _imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
