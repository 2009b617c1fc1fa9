"""Fields that the script of an add page fills are filled in the same way."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from agent_connector.tools.modeladmin.prepopulated import prepopulated_values


class Form(forms.Form):
    title = forms.CharField(initial="Untitled")
    year = forms.IntegerField(required=False)
    kind = forms.ChoiceField(choices=[("b", "Book"), ("f", "Film")])
    slug = forms.SlugField(max_length=12)
    free = forms.SlugField(allow_unicode=True)
    token_slug = forms.SlugField()


@pytest.mark.parametrize(
    ("sources", "given", "slug"),
    [
        (["title"], {"title": "Blue Jar!"}, "blue-jar"),
        (["title", "year"], {"title": "Jar", "year": 1987}, "jar-1987"),
        (["title", "year"], {"title": "Jar"}, "jar"),
        (["kind", "title"], {"kind": "b", "title": "Jar"}, "b-jar"),
        (["title"], {"title": "Twelve long-winded"}, "twelve-long"),
        (["title"], {"title": "Blåbær"}, "blabr"),
        (["title"], {}, "untitled"),
        (["absent", "title"], {"title": "Jar"}, "jar"),
    ],
)
def test_the_slug_is_made_of_what_is_typed_in(
    sources: list[str], given: dict[str, Any], slug: str
) -> None:
    assert prepopulated_values(Form(), {"slug": sources}, given) == {"slug": slug}


def test_letters_of_every_script_are_kept_where_the_field_takes_them() -> None:
    given = {"title": "Чайник"}

    assert prepopulated_values(Form(), {"free": ["title"]}, given) == {"free": "чайник"}
    assert prepopulated_values(Form(), {"slug": ["title"]}, given) == {}


def test_what_is_given_shown_or_withheld_is_not_filled() -> None:
    fields = {name: ["title"] for name in ("slug", "free", "token_slug")}
    shown = Form(initial={"free": "shown"})

    assert prepopulated_values(shown, fields, {"title": "x", "slug": "y"}) == {}
