"""Every text that people read can be translated, and the German catalogue has it."""

from __future__ import annotations

import gettext
import re
import struct
from pathlib import Path

import pytest

from tests.architecture.tree import APP, PANEL, name_of, python_files
from tests.catalogue import Key, marked_in_python, marked_in_template, read_po

PO_FILES = [
    path
    for folder in (APP, PANEL)
    for path in sorted(folder.glob("locale/*/LC_MESSAGES/*.po"))
]
TEMPLATES = sorted(APP.rglob("*.html")) + sorted(PANEL.rglob("*.html"))
NAMES = "Harbour &amp; Pine"
"""What reads the same in every language."""

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|</?\w[^>]*>")
"""What a translation has to keep: values to fill in, and HTML tags."""

TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
TAGS = re.compile(r"{% block bodyclass %}.*|{%.*?%}|{{.*?}}|{#.*?#}")
SPOKEN = re.compile(r"(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"")


def _marked(folder: Path) -> set[Key]:
    marked: set[Key] = set()
    for path in python_files(folder):
        marked.update(marked_in_python(path))
    for path in [*folder.rglob("*.html"), *folder.rglob("templates/**/*.txt")]:
        marked.update(marked_in_template(path))
    return marked


@pytest.mark.parametrize("folder", [APP, PANEL], ids=name_of)
def test_there_is_a_german_catalogue(folder: Path) -> None:
    assert folder / "locale/de/LC_MESSAGES/django.po" in PO_FILES


def test_the_panel_says_what_the_app_says_in_the_same_words() -> None:
    """The panel's catalogue comes first: it would change the app's words as well."""
    app, panel = (
        {message.key: message.translations for message in read_po(path)}
        for path in PO_FILES
        if path.parts[-3] == "de"
    )

    both = app.keys() & panel.keys()

    assert {key: panel[key] for key in both} == {key: app[key] for key in both}


@pytest.mark.parametrize("path", PO_FILES, ids=name_of)
def test_the_catalogue_has_what_the_code_says_and_no_more(path: Path) -> None:
    """`make messages` adds what is missing; then it has to be translated."""
    listed = {message.key for message in read_po(path)}
    marked = _marked(path.parents[3])

    assert (marked - listed, listed - marked) == (set(), set())


@pytest.mark.parametrize("path", PO_FILES, ids=name_of)
def test_everything_is_translated_and_nothing_is_guessed(path: Path) -> None:
    unfinished = [
        message.key
        for message in read_po(path)
        if message.is_fuzzy or not all(message.translations)
    ]

    assert unfinished == []


@pytest.mark.parametrize("path", PO_FILES, ids=name_of)
def test_translations_keep_placeholders_and_tags(path: Path) -> None:
    changed = []

    for message in read_po(path):
        _, one, many = message.key
        for text, translation in zip((one, many), message.translations, strict=False):
            kept = sorted(PLACEHOLDER.findall(translation))
            if sorted(PLACEHOLDER.findall(text)) != kept:
                changed.append((text, translation))

    assert changed == []


@pytest.mark.parametrize("path", PO_FILES, ids=name_of)
def test_what_django_reads_is_made_from_the_catalogue(path: Path) -> None:
    compiled = path.with_suffix(".mo")
    messages = read_po(path)
    with compiled.open("rb") as file:
        reader = gettext.GNUTranslations(file)

    (count,) = struct.unpack_from("<I", compiled.read_bytes(), 8)

    assert count == len(messages) + 1  # the header is one more
    for message in messages:
        context, one, many = message.key
        if many and context:
            found = [reader.npgettext(context, one, many, n) for n in (1, 2)]
        elif many:
            found = [reader.ngettext(one, many, n) for n in (1, 2)]
        else:
            found = [reader.pgettext(context, one) if context else reader.gettext(one)]
        assert found == message.translations


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_say_nothing_that_cannot_be_translated(path: Path) -> None:
    source = path.read_text("utf-8").replace(NAMES, "")
    source = TAGS.sub("", TRANSLATED.sub("", source))
    spoken = [*SPOKEN.findall(source), re.sub(r"<[^>]*>|&\w+;", "", source)]

    assert [text.split() for text in spoken if re.search(r"[^\W\d_]", text)] == []
