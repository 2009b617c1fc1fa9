"""The authorization endpoint: a person decides (RFC 6749 section 3.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from agent_connector.audit.record import record_event
from agent_connector.connections.open import Consent, open_connection
from agent_connector.errors import SiteURLMissing
from agent_connector.models import Client, Event
from agent_connector.oauth.choices import lifetimes_within, open_level
from agent_connector.oauth.document_client import fetch_client
from agent_connector.oauth.errors import TooManyRequests
from agent_connector.oauth.fetch import FetchFailed
from agent_connector.oauth.limits import is_for_the_record
from agent_connector.oauth.redirects import place_of, with_parameters
from agent_connector.oauth.request import (
    AuthorizationRequest,
    DocumentNeeded,
    RefusedRequest,
    UnverifiedRequest,
    parse_authorization_request,
    redirect_parameters,
)
from agent_connector.oauth.ticket import connection_id_of, spend_ticket
from agent_connector.oauth.views.closed import closed_page
from agent_connector.oauth.views.consent import choices_of, consent_page, reach_of
from agent_connector.oauth.views.machine import host_url_of
from agent_connector.oauth.views.page import (
    admin_site,
    by_page,
    error_page,
    for_people,
    is_by_page,
    later_page,
    render_page,
    send_back,
)
from agent_connector.policy.address import address_of
from agent_connector.policy.rules import Denial, may_connect
from agent_connector.policy.settings import SiteSettings, read_settings
from agent_connector.policy.site import resource_url, section_name, site_url

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@login_not_required  # it sends to the admin's own login, with its own way back
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@sensitive_post_parameters("ticket")
@for_people
def authorize(request: HttpRequest) -> HttpResponse:
    """GET shows the consent page and gives nothing away; only POST decides."""
    in_force, now = read_settings(), timezone.now()
    return closed_page(request, in_force, now=now) or _answer(
        request, in_force, now=now
    )


def _answer(
    request: HttpRequest, in_force: SiteSettings, *, now: datetime
) -> HttpResponse:
    try:
        asked = parse_authorization_request(
            request.META.get("QUERY_STRING", ""),
            resource=resource_url(host_url=host_url_of(request)),
            documents=in_force.client_id_metadata_documents,
            now=now,
        )
    except DocumentNeeded as needed:
        refusal = _fetch_document(request, needed.client, now=now)
        return refusal or _answer(request, in_force, now=now)
    except UnverifiedRequest as error:
        return error_page(request, str(error), status=400)
    except RefusedRequest as refused:
        return _send_error(request, refused, now=now)
    except SiteURLMissing:
        sentence = _("This site is not set up yet: its SITE_URL is missing.")
        return error_page(request, sentence, status=503)
    answer = _decide if request.method == "POST" else consent_page
    refusal = _judge_person(request, asked.client, now=now)
    longest = in_force.connection_lifetime
    return refusal or answer(request, asked, longest=longest, now=now)


def _fetch_document(
    request: HttpRequest, client: Client, *, now: datetime
) -> HttpResponse | None:
    """Judge the person and fetch the client's document; None: it is there.

    It is not said why that failed: nobody may explore what this server can reach.
    """
    refusal = _judge_person(request, client, now=now)
    if refusal is not None:
        return refusal
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    try:
        fetch_client(
            client.client_id, user=user, now=now, address=address_of(request.META)
        )
    except FetchFailed:
        sentence = _("The description of the program could not be read from its host.")
        return error_page(request, sentence, status=400)
    except TooManyRequests as error:
        sentence = _("You have tried to connect too many programs. Try again later.")
        return later_page(request, sentence, seconds=error.seconds, status=429)
    return None


def _judge_person(
    request: HttpRequest, client: Client, *, now: datetime
) -> HttpResponse | None:
    """Return what stops this person, or None: the sign-in, or a page that says why."""
    if request.user.is_authenticated:
        denial = may_connect(request.user).denial
        if denial is not None:
            return _refused_page(request, client, denial=denial, now=now)
        if admin_site().has_permission(request):
            return None  # a stricter admin, such as one with 2FA, asks for more
    return redirect_to_login(request.get_full_path(), _login_url())


def _login_url() -> str:
    return reverse(f"{admin_site().name}:login")


@sensitive_variables("ticket", "code")
def _decide(
    request: HttpRequest,
    asked: AuthorizationRequest,
    *,
    longest: timedelta,
    now: datetime,
) -> HttpResponse:
    """Act on the posted decision, for which its ticket is spent in any case."""
    ticket = request.POST.get("ticket", "")
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    if not spend_ticket(request.session, ticket, asked, user_pk=user.pk, now=now):
        return _stale_page(request)
    decision = _posted(request, "decision")
    if decision == "deny":
        return _deny(request, asked, now=now)
    reach = reach_of(request, site=admin_site())
    choices = choices_of(request, asked, reach=reach)
    level = open_level(_posted(request, "level"), choices=choices)
    lifetime = lifetimes_within(longest).get(_posted(request, "expires"))
    error = ""
    if "level" not in request.POST:
        error = _("Choose what this client may do.")
    elif level is None or lifetime is None:
        error = _("This choice is not available. Choose one of those offered.")
    elif decision != "allow":
        error = _("Press Authorize or Deny.")
    if error or level is None:
        return consent_page(
            request, asked, longest=longest, now=now, error=error, chosen=level
        )
    consent = Consent(
        client=asked.client,
        level=level,
        resource=asked.resource,
        redirect_uri=asked.redirect_uri,
        challenge=asked.challenge,
        lifetime=lifetime,
        public_id=connection_id_of(ticket),
    )
    try:
        code = open_connection(
            user, consent, actor=user, now=now, address=address_of(request.META)
        )
    except IntegrityError:  # a parallel post of the same ticket was faster
        return _stale_page(request)
    return _send(request, asked, {"code": code})


def _posted(request: HttpRequest, name: str) -> str:
    """Return what was posted; what was posted twice is no choice that is offered."""
    return " ".join(request.POST.getlist(name))


def _deny(
    request: HttpRequest, asked: AuthorizationRequest, *, now: datetime
) -> HttpResponse:
    _record(request, Event.Kind.CONSENT_DENIED, asked.client.name, now=now)
    answer = {
        "error": "access_denied",
        "error_description": "The person denied the request.",
    }
    return _send(request, asked, answer)


def _send_error(
    request: HttpRequest, refused: RefusedRequest, *, now: datetime
) -> HttpResponse:
    """Tell the client what was wrong, once a person who may connect has signed in.

    Registration is open to everybody, so an error redirects nobody else (RFC 9700
    section 4.11.2). Whoever comes from the sign-in gets a page.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(by_page(request.get_full_path()), _login_url())
    refusal = _judge_person(request, refused.client, now=now)
    if refusal is not None:
        return refusal
    error = refused.error
    answer = {"error": error.code, "error_description": error.detail}
    if not is_by_page(request):
        return _send(request, refused, answer)
    context = {
        "sentence": _("The program asked in a way that this site does not answer."),
        "detail": error.detail,
        "back_url": _url_back(request, refused, answer),
        "place": place_of(refused.redirect_uri),
    }
    return render_page(request, "error", context, status=400)


@sensitive_variables("answer", "url")
def _send(
    request: HttpRequest,
    asked: AuthorizationRequest | RefusedRequest,
    answer: dict[str, str],
) -> HttpResponse:
    url = _url_back(request, asked, answer)
    return send_back(request, url, client_name=asked.client.name)


@sensitive_variables()
def _url_back(
    request: HttpRequest,
    asked: AuthorizationRequest | RefusedRequest,
    answer: dict[str, str],
) -> str:
    """Return where the answer goes, and with what."""
    issuer = site_url(host_url=host_url_of(request))
    parameters = redirect_parameters(answer, state=asked.state, issuer=issuer)
    return with_parameters(asked.redirect_uri, parameters)


def _refused_page(
    request: HttpRequest, client: Client, *, denial: Denial, now: datetime
) -> HttpResponse:
    """Say why this person may not connect a client, and whom to ask."""
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    if is_for_the_record(user, now=now):
        refusal = f"{client.name}: {denial}"
        _record(request, Event.Kind.CONSENT_REFUSED, refusal, now=now)
    context = {
        "client": client,
        "username": user.get_username(),
        "is_disabled": denial == Denial.DISABLED,
        "is_inactive": denial == Denial.INACTIVE,
        "section": section_name(admin_site()),
        "login_url": _login_url(),
        "next": request.get_full_path(),
    }
    return render_page(request, "refused", context, status=403)


def _stale_page(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "This page was used before, has expired, or belongs to another sign-in."
    )
    return error_page(request, sentence, status=400)


def _record(
    request: HttpRequest, kind: Event.Kind, detail: str, *, now: datetime
) -> None:
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    record_event(
        kind,
        now=now,
        user=user,
        actor=user,
        address=address_of(request.META),
        detail=detail,
    )
