"""Markdown is read section by section, from inside its folder only."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_connector.tools.builtin import documents
from agent_connector.tools.builtin.documents import all_sections, split_sections

TEXT = """\
Before all.

# Returns #

Within 30 days.

## Refunds
Paid in 14 days.

```sh
# not a heading
```

#no heading either

# Statuses

## New
Not paid for.
"""


def test_a_section_knows_the_headings_above_it() -> None:
    assert list(split_sections(TEXT)) == [
        ("", "Before all."),
        ("Returns", "Within 30 days."),
        (
            "Returns > Refunds",
            "Paid in 14 days.\n\n```sh\n# not a heading\n```\n\n#no heading either",
        ),
        ("Statuses > New", "Not paid for."),
    ]


def test_a_fence_ends_where_its_own_mark_does() -> None:
    text = "~~~\n```\n# a comment\n~~~\n# A heading\nText."

    assert list(split_sections(text)) == [
        ("", "~~~\n```\n# a comment\n~~~"),
        ("A heading", "Text."),
    ]


def test_the_documents_of_installed_apps_are_found() -> None:
    found = {(one.app, one.file) for one in all_sections()}

    assert found == {("shop", "order-statuses.md"), ("shop", "returns.md")}


def test_only_markdown_inside_the_folder_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "app" / "agent_docs"
    (folder / "deep").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("The password is swordfish.", "utf-8")
    (tmp_path / "app" / "notes.md").write_text("Not for agents.", "utf-8")
    (folder / "plain.txt").write_text("Not Markdown.", "utf-8")
    (folder / "deep" / "house.md").write_bytes(b"5 \xb0C.")
    (folder / "leak.md").symlink_to(tmp_path / "secret.md")
    (folder / "out").symlink_to(tmp_path, target_is_directory=True)
    (folder / "folder.md").mkdir()

    sections = documents._sections_of((("app", tmp_path / "app"),))  # noqa: SLF001

    assert [(one.file, one.heading, one.text) for one in sections] == [
        ("deep/house.md", "deep/house.md", "5 \N{REPLACEMENT CHARACTER}C.")
    ]


def test_files_are_read_once(tmp_path: Path) -> None:
    places = (("app", tmp_path),)
    (tmp_path / "agent_docs").mkdir()
    (tmp_path / "agent_docs" / "house.md").write_text("Quiet, please.", "utf-8")

    first = documents._sections_of(places)  # noqa: SLF001
    (tmp_path / "agent_docs" / "house.md").unlink()

    assert documents._sections_of(places) is first  # noqa: SLF001
    assert first[0].text == "Quiet, please."
