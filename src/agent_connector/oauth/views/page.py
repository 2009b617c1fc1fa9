"""How a person's browser is answered: our pages, and the way back to the client."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from agent_connector.conf import get_conf
from agent_connector.models.trouble import DATABASE_TROUBLE
from agent_connector.oauth.redirects import is_web, place_of
from agent_connector.oauth.views.machine import (
    RETRY_AFTER_SECONDS,
    View,
    outside_transactions,
)

logger = logging.getLogger(__name__)

BY_PAGE = "answer_by=page"
"""In the query, beside what the client asked: never redirect straight to the client."""


class SeeOther(HttpResponseRedirect):
    """A redirect that is fetched with GET whatever led to it, never with POST."""

    status_code = 303


def for_people(view: View) -> View:
    """Make a view answer people: with our headers, and 503 during database trouble."""

    @functools.wraps(view)
    def endpoint(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
            _keep_session(request)
        except DATABASE_TROUBLE:
            logger.exception("%s: the database did not answer", request.path)
            request.session.modified = False  # a decision that failed spends no ticket
            sentence = _("The database of this site is busy. Try again in a moment.")
            response = later_page(request, sentence, seconds=RETRY_AFTER_SECONDS)
        return secure(response)

    # The host's own transaction would begin, and fail, before this is called.
    return outside_transactions(endpoint)


def _keep_session(request: HttpRequest) -> None:
    """Store the tickets now: trouble in Django's middleware would not be a 503.

    Where the key itself carries the session, in signed cookies, it is sent as ever.
    """
    session = request.session
    if not session.modified:
        return
    key = session.session_key
    try:
        session.save()
    except UpdateError as error:
        if isinstance(error.__context__, DATABASE_TROUBLE):
            raise error.__context__ from error
        return  # ended meanwhile, by signing out: the middleware says so
    session.modified = session.session_key != key


def admin_site() -> AdminSite:
    """Return the AdminSite at which this site's staff signs in."""
    site: AdminSite = import_string(get_conf().admin_site)
    return site


def render_page(
    request: HttpRequest, name: str, context: Mapping[str, Any], *, status: int
) -> HttpResponse:
    """Return one of our own pages, which know nothing of the host's layout."""
    site = admin_site()
    frame = {"site_header": site.site_header, "account_url": _account_url(site)}
    return render(
        request,
        f"agent_connector/oauth/{name}.html",
        {**context, **frame},
        status=status,
    )


def error_page(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    return render_page(request, "error", {"sentence": sentence}, status=status)


def later_page(
    request: HttpRequest, sentence: str, *, seconds: int, status: int = 503
) -> HttpResponse:
    response = error_page(request, sentence, status=status)
    response.headers["Retry-After"] = str(seconds)
    return response


def _account_url(site: AdminSite) -> str:
    name = "admin:agent_connector_mcpuser_account"
    try:
        return reverse(name, current_app=site.name)
    except NoReverseMatch:
        return ""  # the AdminSite of the settings is not in the URLconf


@sensitive_variables("url", "context")
def send_back(request: HttpRequest, url: str, *, client_name: str) -> HttpResponse:
    """Lead the browser to the client, at the address that carries our answer.

    303 after a form, so that it is never posted on. A private-use scheme starts a
    program, which browsers refuse after a form; a page with a link leads there. The
    page also serves browsers that a foreign `form-action` keeps from redirects.
    """
    if is_web(url) and not is_by_page(request):
        return SeeOther(url) if request.method == "POST" else HttpResponseRedirect(url)
    context = {"url": url, "client_name": client_name, "place": place_of(url)}
    return render_page(request, "returning", context, status=200)


def by_page(path: str) -> str:
    """Return the address of this very request with its answer given by a page."""
    return path if BY_PAGE in path.split("&") else f"{path}&{BY_PAGE}"


def is_by_page(request: HttpRequest) -> bool:
    """Say whether a redirect could not get through, because a form led here.

    Browsers apply the `form-action` of the page with the form to all redirects that
    follow: of the sign-in, and of our own page where a host overwrites its policy.
    """
    return BY_PAGE in request.META.get("QUERY_STRING", "").split("&")


def secure(response: HttpResponse) -> HttpResponse:
    """Set the headers that all of these pages carry, whatever the host sets.

    The policy names no `form-action`: browsers apply it to the redirects after the
    form too, which lead to the client and from there wherever it likes.
    """
    own = _static_origin()
    response.headers["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'none'",
            f"style-src {own}",
            f"script-src {own}",
            f"img-src {own} data:",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def _static_origin() -> str:
    """Return where style and script come from: this site, or its static host."""
    parts = urlsplit(str(settings.STATIC_URL))
    return f"{parts.scheme or 'https'}://{parts.netloc}" if parts.netloc else "'self'"
