"""The mail to one person about one or more events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from agent_connector.audit.lines import ALARMS, line_of
from agent_connector.conf import get_conf
from agent_connector.errors import SiteURLMissing
from agent_connector.models import Event
from agent_connector.policy.site import site_url
from agent_connector.policy.staff import name_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FOLDER = "agent_connector/mail"
ALARM = "reuse_alarm"
TEMPLATES = {
    Event.Kind.CONNECTION_OPENED: "new_connection",
    Event.Kind.REFRESH_REUSED: ALARM,
    Event.Kind.CODE_REPLAYED: ALARM,
    Event.Kind.CONNECTION_REVOKED: "revoked",
    Event.Kind.TOKEN_EXPIRING: "expiring_token",
}
"""Of a mail about one event; all others are a `DIGEST`."""
DIGEST = "digest"
MOST_LINES = 50
"""Events that one mail tells; of the rest it says how many they are."""


def address_of(recipient: User) -> str:
    """Return the address to mail, "" for nobody: who is inactive is not mailed."""
    name = recipient.get_email_field_name()
    address = str(getattr(recipient, name, "") or "")
    return address.strip() if recipient.is_active else ""


def compose(recipient: User, events: Sequence[Event]) -> EmailMultiAlternatives:
    """Return the mail in the site's language and time zone, with text and HTML."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
        name = DIGEST
        if len(events) == 1:
            name = TEMPLATES.get(Event.Kind(events[0].kind), DIGEST)
        path = f"{FOLDER}/{name}"
        # An alarm among other news is what the mail is about, and never cut.
        events = sorted(events, key=lambda event: event.kind not in ALARMS)
        about = ALARM if events[0].kind in ALARMS else name
        context = {**_context(recipient, events), "is_digest": name == DIGEST}
        subject = _text_of(f"{FOLDER}/{about}.subject.txt", context)
        mail = EmailMultiAlternatives(
            " ".join(subject.split()),  # a line break would be a header of its own
            _text_of(f"{path}.txt", context).strip() + "\n",
            to=[address_of(recipient)],
            headers={"Auto-Submitted": "auto-generated"},
        )
        html = render_to_string(f"{path}.html", context).strip()
        mail.attach_alternative(html, "text/html")
    return mail


def _text_of(path: str, context: dict[str, Any]) -> str:
    """Render a template of plain text, in which `&` stays what it is."""
    template: Any = get_template(path)
    return str(template.template.render(Context(context, autoescape=False)))


def _context(recipient: User, events: Sequence[Event]) -> dict[str, Any]:
    """Return what the templates may say: `docs/notices.md` lists it."""
    site: AdminSite = import_string(get_conf().admin_site)
    user_pks = {event.user_id for event in events} - {None}
    is_own = user_pks == {recipient.pk}
    return {
        "site_name": _name_of_site(site),
        "person_name": name_of(recipient),
        "is_own": is_own,
        "lines": [
            {"event": line_of(event), "whose": _whose(event, recipient)}
            for event in events[:MOST_LINES]
        ],
        "more": max(len(events) - MOST_LINES, 0),
        "url": _url_of(site, user_pks, is_own=is_own),
    }


def _whose(event: Event, recipient: User) -> str:
    """Return the name of the user whom it is about, "" for the recipient."""
    if event.user_id == recipient.pk:
        return ""
    return name_of(event.user) if event.user else event.user_name


def _name_of_site(site: AdminSite) -> str:
    """Return what the admin calls itself, or the host, unless it has no name at all."""
    header = str(site.site_header)
    if header != str(AdminSite.site_header):
        return header
    return urlsplit(get_conf().site_url).netloc or header


def _url_of(site: AdminSite, user_pks: set[Any], *, is_own: bool) -> str:
    """Return Account Setting, or MCP Info, or MCP Users; "" without `SITE_URL`."""
    screen, args = "changelist", []
    if is_own:
        screen = "account"
    elif len(user_pks) == 1:
        screen, args = "info", [quote(pk) for pk in user_pks]
    name = f"admin:agent_connector_mcpuser_{screen}"
    try:
        return site_url() + reverse(name, args=args, current_app=site.name)
    except (NoReverseMatch, SiteURLMissing):
        return ""
