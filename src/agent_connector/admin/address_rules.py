"""What the Settings page says of the address rules and of this very request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.admin.settings_form import SettingsForm
from agent_connector.policy.address import address_of
from agent_connector.policy.admission import may_come
from agent_connector.policy.networks import format_networks
from agent_connector.policy.settings import Rules

RULES = "allowed_addresses"
SEEN = "seen_lockout"
"""The name under which the form says which list its warning was about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The rules in force beside the request that looks at them."""

    address: str | None
    rules: Rules

    @property
    def is_unreadable(self) -> bool:
        return isinstance(self.rules, str)

    @property
    def state(self) -> str | Promise:
        """What follows On, or Off where there are no rules."""
        if self.is_unreadable:
            return gettext_lazy("What is stored cannot be read: nobody is let in.")
        if not self.rules:
            return gettext_lazy("AI clients may come from everywhere.")
        if may_come(self.address, rules=self.rules).allowed:
            return gettext_lazy("The rules in force let your address in.")
        return gettext_lazy("The rules in force do not let your address in.")


def seen_by(request: HttpRequest, rules: Rules) -> Seen:
    return Seen(address=address_of(request.META), rules=rules)


def unseen_lockout(form: SettingsForm, request: HttpRequest) -> str:
    """Return the list that would lock this request's address out, if it is a new one.

    "" where there is nothing to warn of, or the form was sent from the very warning. A
    browser is no client, so that is a warning and no error.
    """
    if RULES not in form.changes():
        return ""
    rules = form.cleaned_data[RULES]
    text = format_networks(rules)
    was_seen = request.POST.get(SEEN, "").split() == text.split()
    if was_seen or may_come(address_of(request.META), rules=rules).allowed:
        return ""
    return text


def lockout_text(request: HttpRequest) -> str:
    address = address_of(request.META) or _("a request without an address, like yours")
    return _(
        "Not saved yet. The list does not hold %(address)s, from where you come: AI"
        " clients there, and people there who authorize one, would be refused. If that"
        " is what you want, save once more."
    ) % {"address": address}


def context_of(
    form: SettingsForm, request: HttpRequest, rules: Rules
) -> dict[str, Any]:
    """Return what the page needs to say all this."""
    lockout = unseen_lockout(form, request) if form.is_bound and form.is_valid() else ""
    return {
        "seen": seen_by(request, rules),
        "lockout": lockout,
        "lockout_text": lockout_text(request) if lockout else "",
    }
