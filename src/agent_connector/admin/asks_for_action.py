"""A list whose dropdown of actions is called Actions, and asks for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class _NamedActionForm(ActionForm):
    """The dropdown, under the name that the documentation calls it by."""

    action = forms.ChoiceField(label=gettext_lazy("Actions"))


class AsksForAction(admin.ModelAdmin):
    action_form = _NamedActionForm

    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: Any = None,
        action_location: Any = None,
    ) -> Any:
        """Return the choices of the dropdown, below words that ask for one."""
        del default_choices
        prompt = [("", _("Choose an action"))]
        since_6_1 = {"action_location": action_location} if action_location else {}
        return super().get_action_choices(request, prompt, **since_6_1)
