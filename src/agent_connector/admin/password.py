"""Confirm an act with the administrator's own current password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from agent_connector.admin.confirmation import (
    LIMIT,
    Proof,
    has_signed_in_again,
    is_own_password,
    needed_proof,
    remember_confirmation,
)
from agent_connector.audit.record import record_event
from agent_connector.models import Event, MCPUser
from agent_connector.policy.address import address_of

MAX_CHARACTERS = 4096
"""More is no password, and hashing it would cost time."""


class PasswordForm(forms.Form):
    """The viewer's password, and with `user` whom the act is about.

    Who has no password here, or confirmed a moment ago, finds no field to fill in,
    as far as the settings allow for that. A refusal is recorded.
    """

    password = forms.CharField(
        label=gettext_lazy("Your Current Admin Password"),
        strip=False,
        max_length=MAX_CHARACTERS,
        error_messages={"required": gettext_lazy("Enter your password to confirm.")},
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
        self.now = timezone.now()
        self.proof = needed_proof(request, now=self.now)
        self.sign_in_url = ""
        """Where to sign in again, after a refusal for want of that."""
        if self.proof is not Proof.OWN_PASSWORD:
            del self.fields["password"]
        elif not self._has_password_here():
            self.fields["password"].help_text = _(
                "Your account has no password here. Give the one that you sign in"
                " with, if this site checks it elsewhere."
            )

    @property
    def sign_in_name(self) -> str:
        """Whose password it is: a hidden field tells password managers."""
        return self.request.user.get_username()

    @sensitive_variables("password")
    def clean_password(self) -> str:
        """Accept the viewer's password only, and keep none.

        Raises:
            ValidationError: it is not the viewer's password, or there were too many
                wrong ones; it is not said which.
        """
        password = self.cleaned_data["password"]
        if not is_own_password(self.request, password, now=self.now):
            self._record_refusal()
            raise ValidationError(self._refusal(), code="wrong_password")
        remember_confirmation(self.request, now=self.now)
        return ""

    def clean(self) -> dict[str, Any]:
        """Ask the site about a person who has no password here.

        Raises:
            ValidationError: they did not sign in again.
        """
        cleaned = super().clean() or self.cleaned_data
        if self.proof is not Proof.SIGN_IN or self.errors:
            return cleaned
        confirmed, self.sign_in_url = has_signed_in_again(self.request)
        if not confirmed:
            self._record_refusal()
            raise ValidationError(
                _(
                    "Your account has no password here. Sign in again to confirm,"
                    " then repeat this. Nothing was changed."
                ),
                code="sign_in_again",
            )
        remember_confirmation(self.request, now=self.now)
        return cleaned

    def _refusal(self) -> str:
        """Say the same of a wrong password and of one too many, and until when."""
        if not self._has_password_here():
            return _(
                "Your account has no password here, and this one was not accepted."
                " Ask an administrator who has a password, or whoever runs this site"
                " to set REAUTHENTICATE. Nothing was changed."
            )
        ends = LIMIT.ends(at=self.now)
        local = timezone.localtime(ends) if timezone.is_aware(ends) else ends
        return _(
            "This is not your current password, or too many were wrong. Nothing was"
            " changed. After %(most)d wrong ones none is accepted until %(time)s."
        ) % {"most": LIMIT.most, "time": date_format(local, "TIME_FORMAT")}

    def _has_password_here(self) -> bool:
        user: Any = self.request.user
        return bool(user.has_usable_password())

    def _record_refusal(self) -> None:
        viewer: Any = self.request.user
        record_event(
            Event.Kind.PASSWORD_REFUSED,
            now=self.now,
            user=self.user or viewer,
            actor=viewer,
            address=address_of(self.request.META),
        )


class AccessForm(PasswordForm):
    """The dropdown of MCP access."""

    access = forms.ChoiceField(
        label=gettext_lazy("MCP Access"),
        choices=[
            ("enabled", gettext_lazy("Enabled")),
            ("disabled", gettext_lazy("Disabled")),
        ],
    )

    field_order = ("access", "password")
