"""Confirm an act with the administrator's own current password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from agent_connector.audit.record import record_event
from agent_connector.models import Event, MCPUser
from agent_connector.policy.address import address_of

MAX_CHARACTERS = 4096
"""More is no password, and hashing it would cost time."""


class PasswordForm(forms.Form):
    """The viewer's password, and with `user` whom the act is about.

    A wrong password is recorded. It is checked through `authenticate`, so that every
    backend of the site can answer and add-ons that lock accounts see the failure.
    """

    password = forms.CharField(
        label=_("Your Current Admin Password"),
        strip=False,
        max_length=MAX_CHARACTERS,
        error_messages={"required": _("Enter your password to confirm.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        request: HttpRequest,
        user: MCPUser | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.request = request
        self.user = user

    @property
    def sign_in_name(self) -> str:
        """Whose password it is: a hidden field tells password managers."""
        return self.request.user.get_username()

    @sensitive_variables("password")
    def clean_password(self) -> str:
        """Accept the viewer's password only, and keep none.

        Raises:
            ValidationError: it is not the viewer's password.
        """
        password = self.cleaned_data["password"]
        if not _is_own_password(self.request, password):
            self._record_refusal()
            raise ValidationError(
                _("This is not your current password. Nothing was changed."),
                code="wrong_password",
            )
        return ""

    def _record_refusal(self) -> None:
        record_event(
            Event.Kind.PASSWORD_REFUSED,
            now=timezone.now(),
            user=self.user,
            actor=self.request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
            address=address_of(self.request.META),
        )


class AccessForm(PasswordForm):
    """The dropdown of MCP access."""

    access = forms.ChoiceField(
        label=_("MCP Access"),
        choices=[("enabled", _("Enabled")), ("disabled", _("Disabled"))],
    )

    field_order = ("access", "password")


@sensitive_variables("password")
def _is_own_password(request: HttpRequest, password: str) -> bool:
    """Say whether the password signs in as the very user who is signed in."""
    name = request.user.get_username()
    found = authenticate(request, username=name, password=password)
    return found is not None and found.pk == request.user.pk
