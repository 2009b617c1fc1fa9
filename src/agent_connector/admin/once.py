"""Let a form that makes a secret be sent once: to reload its answer makes no other."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

_IN_SESSION = "agent_connector_sent"
_CHARACTERS = 22
_MOST = 20


def fresh_mark() -> str:
    """Return what the hidden field `once` of a page's form holds."""
    return get_random_string(_CHARACTERS)


def sent_before(request: HttpRequest, *, back: str) -> HttpResponseRedirect | None:
    """Return the way out if this form was sent before; else note that it is now."""
    sent, mark = request.session.get(_IN_SESSION, []), request.POST.get("once", "")
    if mark in sent:
        text = _("This form was sent before. What it made was shown once.")
        messages.warning(request, text)
        return HttpResponseRedirect(back)
    request.session[_IN_SESSION] = (
        [*sent, mark[:_CHARACTERS]][-_MOST:] if mark else sent
    )
    return None
