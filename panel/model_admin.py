"""What the panel's lists have in common with those of the connector."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panel.menu import Text


class PanelActionForm(ActionForm):
    action = forms.ChoiceField(label=gettext_lazy("Actions"))


class PanelModelAdmin(admin.ModelAdmin):
    action_form = PanelActionForm
    search_placeholder: Text = ""
    """What the box for the search names that it looks in."""

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
