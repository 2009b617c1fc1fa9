"""What an agent may set, and what is withheld, read-only or a file."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session

from agent_connector.tools.modeladmin.settable import (
    FILE,
    KEY,
    READ_ONLY,
    WITHHELD,
    is_secret,
    obstacle_to,
    settable_fields,
)
from panel.shop.models import Category


@pytest.mark.parametrize(
    ("name", "field", "obstacle"),
    [
        ("price", forms.DecimalField(), None),
        ("category", forms.ModelChoiceField(Category.objects.none()), None),
        ("owner", forms.ModelChoiceField(User.objects.none()), None),
        ("price", forms.DecimalField(disabled=True), READ_ONLY),
        ("photo", forms.FileField(), FILE),
        ("api_token", forms.CharField(), WITHHELD),
        ("pin", forms.CharField(widget=forms.PasswordInput), WITHHELD),
        ("team", forms.ModelChoiceField(Group.objects.none()), WITHHELD),
        ("rights", forms.ModelMultipleChoiceField(Permission.objects.none()), WITHHELD),
    ],
)
def test_an_obstacle_says_why(
    name: str, field: forms.Field, obstacle: str | None
) -> None:
    form = forms.Form()
    form.fields[name] = field

    assert obstacle_to(name, form) == obstacle


def test_the_key_of_a_record_stays_what_it_is() -> None:
    form_class = forms.modelform_factory(Session, fields="__all__")
    stored = Session(session_key="abc")
    stored._state.adding = False  # noqa: SLF001  # documented
    form = form_class(instance=stored)

    assert obstacle_to("session_key", form_class()) is None
    assert obstacle_to("session_key", form) == KEY
    assert "session_key" not in settable_fields(form)
    assert "expire_date" in settable_fields(form)


def test_only_fields_without_an_obstacle_are_settable() -> None:
    class Form(forms.Form):
        name = forms.CharField()
        secret = forms.CharField()

    assert list(settable_fields(Form())) == ["name"]


def test_a_secret_is_known_by_its_name_too() -> None:
    assert is_secret("stripe_secret_key")
    assert not is_secret("price")
