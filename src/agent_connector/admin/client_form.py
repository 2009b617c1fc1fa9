"""The form of a client that an administrator enters."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.models import Client
from agent_connector.oauth.client_name import MAX_NAME_CHARACTERS, UNNAMED, clean_name
from agent_connector.oauth.redirects import fault_of
from agent_connector.oauth.registration import MAX_REDIRECT_URIS


class ClientForm(forms.Form):
    """Name, where answers may go, and how the client proves who it is."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=MAX_NAME_CHARACTERS,
        help_text=gettext_lazy("Shown to each person who is asked to connect it."),
        error_messages={"required": gettext_lazy("Give the client a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    redirect_uris = forms.CharField(
        label=gettext_lazy("Redirect Addresses"),
        help_text=gettext_lazy("One a line, as the client's documentation gives them."),
        error_messages={"required": gettext_lazy("Give at least one address.")},
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
    )
    auth_method = forms.ChoiceField(
        label=gettext_lazy("Authentication"),
        choices=Client.AuthMethod.choices,
        initial=Client.AuthMethod.NONE,
        help_text=gettext_lazy("A secret is for programs that can keep one."),
    )

    def clean_name(self) -> str:
        """Return the name without what could hide or reorder it.

        Raises:
            ValidationError: nothing is left of it.
        """
        name = clean_name(self.cleaned_data["name"])
        if name == UNNAMED:
            raise ValidationError(_("Give the client a name."), code="required")
        return name

    def clean_redirect_uris(self) -> list[str]:
        """Return the addresses, each once, in the given order.

        Raises:
            ValidationError: there are too many, or some are not allowed.
        """
        lines = [
            line.strip() for line in self.cleaned_data["redirect_uris"].split("\n")
        ]
        uris = list(dict.fromkeys(line for line in lines if line))
        if len(uris) > MAX_REDIRECT_URIS:
            text = _("No more than %(most)d addresses.")
            raise ValidationError(text % {"most": MAX_REDIRECT_URIS}, code="too_many")
        faults = [
            ValidationError(
                _("Address number %(number)d %(fault)s."),
                code="invalid",
                params={"number": number, "fault": fault},
            )
            for number, uri in enumerate(uris, start=1)
            if (fault := fault_of(uri))
        ]
        if faults:
            raise ValidationError(faults)
        return uris
