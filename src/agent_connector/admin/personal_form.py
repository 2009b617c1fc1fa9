"""The form of a personal access token: name, level, how long, and the own password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agent_connector.admin.password import PasswordForm
from agent_connector.connections.secret import Prefix, secrets_in
from agent_connector.models import Level, MCPUser
from agent_connector.oauth.choices import choices_for
from agent_connector.oauth.client_name import UNNAMED, clean_name
from agent_connector.oauth.views.consent import reach_of
from agent_connector.oauth.views.page import admin_site
from agent_connector.policy.rules import access_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPANS = tuple(timedelta(days=days) for days in (1, 7, 30, 60, 90, 180, 365))
"""What is offered, as far as the site's maximum goes; the maximum is offered too."""

PROPOSED = timedelta(days=30)


class PersonalTokenForm(PasswordForm):
    """What the viewer wants, of what the viewer may have."""

    label = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy(
            "Where it will be used, so that you know later which one to revoke."
        ),
        error_messages={"required": gettext_lazy("Give the token a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("What may it do?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what the token may do."),
            "invalid_choice": gettext_lazy("Choose one of the levels that are open."),
        },
    )
    lifetime = forms.TypedChoiceField(
        label=gettext_lazy("Expires after"),
        coerce=lambda seconds: timedelta(seconds=int(seconds)),
        error_messages={
            "invalid_choice": gettext_lazy("This site allows no such lifetime.")
        },
    )

    field_order = ("label", "level", "lifetime", "password")

    def __init__(
        self,
        data: Any = None,
        *,
        request: HttpRequest,
        user: MCPUser,
        longest: timedelta,
    ) -> None:
        super().__init__(data, request=request, user=user)
        access = access_of(user)
        self.levels = choices_for(
            asked=Level.DELETE,
            ceiling=access.ceiling if access else Level.READ,
            reach=reach_of(request, site=admin_site()),
        )
        """All of them; those that are not open carry the reason."""
        fields: dict[str, Any] = self.fields
        fields["level"].choices = [
            (one.level.value, one.level.label) for one in self.levels if one.is_open
        ]
        spans = sorted({*(span for span in SPANS if span < longest), longest})
        fields["lifetime"].choices = [
            (_seconds(span), _span_text(span, now=self.now)) for span in spans
        ]
        fields["lifetime"].initial = _seconds(min(PROPOSED, longest))

    def clean_label(self) -> str:
        """Return the name without what could hide or reorder it.

        Raises:
            ValidationError: nothing is left of it, or it holds a token.
        """
        label = clean_name(self.cleaned_data["label"])
        if label == UNNAMED:
            raise ValidationError(_("Give the token a name."), code="required")
        if secrets_in(label, *Prefix):
            raise ValidationError(_("This is a token, not a name."), code="secret")
        return label


def _seconds(span: timedelta) -> str:
    return str(span // timedelta(seconds=1))


def _span_text(span: timedelta, *, now: datetime) -> str:
    """Return how long it is and when it ends, in the viewer's time zone."""
    if span % DAY:
        count = span // HOUR
        text = ngettext(
            "%(count)d hour, until %(end)s", "%(count)d hours, until %(end)s", count
        )
    else:
        count = span // DAY
        text = ngettext(
            "%(count)d day, until %(end)s", "%(count)d days, until %(end)s", count
        )
    end = now + span
    local = timezone.localtime(end) if timezone.is_aware(end) else end
    return text % {"count": count, "end": date_format(local, "DATE_FORMAT")}
