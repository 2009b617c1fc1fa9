"""A form is described with what may be set, what is shown, and why not the rest."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, User

from panel.shop.models import Customer
from tests.callers import call, make_caller, use_admin

pytestmark = pytest.mark.django_db


def test_what_cannot_be_set_says_why_and_secrets_are_not_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Form(forms.ModelForm):
        photo = forms.FileField(required=False)
        groups = forms.ModelMultipleChoiceField(Group.objects.all(), required=False)
        api_token = forms.CharField(required=False)
        keeper = forms.ModelChoiceField(User.objects.all(), required=False)

        class Meta:
            model = Customer
            fields = ("notes",)

    class Careful(admin.ModelAdmin):
        form = Form

    use_admin(monkeypatch, Customer, Careful)
    Group.objects.create(name="canary")

    answer = call(make_caller(), "describe_model", model="shop.customer", purpose="add")

    assert set(answer["fields"]["properties"]) == {"notes", "keeper"}
    assert set(answer["not_settable"]) == {"photo", "groups"}
    assert "api_token" not in str(answer)
    assert "canary" not in str(answer)


def test_a_form_of_the_change_page_has_no_defaults() -> None:
    ask = {"model": "shop.product"}

    change = call(make_caller(), "describe_model", purpose="change", **ask)

    assert "default" not in change["fields"]["properties"]["status"]
