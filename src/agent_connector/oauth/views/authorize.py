"""The authorization endpoint: a person decides (RFC 6749 section 3.1)."""

from __future__ import annotations

from datetime import datetime
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
from agent_connector.oauth.choices import open_level
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
from agent_connector.oauth.views.consent import choices_of, consent_page, reach_of
from agent_connector.oauth.views.machine import SWITCHED_OFF_SECONDS, host_url_of
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
from agent_connector.policy.settings import read_settings
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
    in_force = read_settings()
    if not in_force.mcp_server_enabled:
        return _switched_off_page(request)
    documents = in_force.client_id_metadata_documents
    return _answer(request, documents=documents, now=timezone.now())


def _answer(request: HttpRequest, *, documents: bool, now: datetime) -> HttpResponse:
    try:
        asked = parse_authorization_request(
            request.META.get("QUERY_STRING", ""),
            resource=resource_url(host_url=host_url_of(request)),
            documents=documents,
            now=now,
        )
    except DocumentNeeded as needed:
        return _answer_by_document(request, needed.client, now=now)
    except UnverifiedRequest as error:
        return error_page(request, str(error), status=400)
    except RefusedRequest as refused:
        return _send_error(request, refused, now=now)
    except SiteURLMissing:
        return error_page(
            request,
            _("This site is not set up yet: its SITE_URL is missing."),
            status=503,
        )
    answer = _decide if request.method == "POST" else consent_page
    refusal = _judge_person(request, asked.client, now=now)
    return refusal or answer(request, asked, now=now)


def _answer_by_document(
    request: HttpRequest, client: Client, *, now: datetime
) -> HttpResponse:
    """Judge the person, fetch the client's document, and answer.

    It is not said why that failed: nobody may explore what this server can reach.
    """
    refusal = _judge_person(request, client, now=now)
    if refusal is not None:
        return refusal
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    address = address_of(request.META)
    try:
        fetch_client(client.client_id, user=user, now=now, address=address)
    except FetchFailed:
        sentence = _("The description of the program could not be read from its host.")
        return error_page(request, sentence, status=400)
    except TooManyRequests as error:
        sentence = _("You have tried to connect too many programs. Try again later.")
        return later_page(request, sentence, seconds=error.seconds, status=429)
    return _answer(request, documents=True, now=now)


def _judge_person(
    request: HttpRequest, client: Client, *, now: datetime
) -> HttpResponse | None:
    """Return what stops this person, or None: the sign-in, or a page that says why."""
    user = request.user
    site = admin_site()
    login_url = reverse(f"{site.name}:login")
    if not user.is_authenticated:
        return redirect_to_login(request.get_full_path(), login_url)
    denial = may_connect(user).denial
    if denial is not None:
        return _refused_page(request, client, denial=denial, now=now)
    if not site.has_permission(request):  # a stricter admin, such as one with 2FA
        return redirect_to_login(request.get_full_path(), login_url)
    return None


@sensitive_variables("ticket")
def _decide(
    request: HttpRequest, asked: AuthorizationRequest, *, now: datetime
) -> HttpResponse:
    """Act on the posted decision, for which its ticket is spent in any case."""
    ticket = request.POST.get("ticket", "")
    is_ours = spend_ticket(
        request.session, ticket, asked, user_pk=request.user.pk, now=now
    )
    if not is_ours:
        return _stale_page(request)
    decision = request.POST.getlist("decision")
    if decision == ["deny"]:
        return _deny(request, asked, now=now)
    levels = request.POST.getlist("level")
    reach = reach_of(request, site=admin_site())
    choices = choices_of(request, asked, reach=reach)
    level = open_level(levels[0], choices=choices) if len(levels) == 1 else None
    error = ""
    if not levels:
        error = _("Choose what this client may do.")
    elif level is None:
        error = _("This choice is not available. Choose one of those offered.")
    elif decision != ["allow"]:
        error = _("Press Authorize or Deny.")
    if error or level is None:
        return consent_page(request, asked, now=now, error=error, chosen=level)
    return _allow(request, asked, level=level, ticket=ticket, now=now)


@sensitive_variables("ticket", "code")
def _allow(
    request: HttpRequest,
    asked: AuthorizationRequest,
    *,
    level: str,
    ticket: str,
    now: datetime,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    consent = Consent(
        client=asked.client,
        level=level,
        resource=asked.resource,
        redirect_uri=asked.redirect_uri,
        challenge=asked.challenge,
        public_id=connection_id_of(ticket),
    )
    try:
        code = open_connection(user, consent, now=now, address=address_of(request.META))
    except IntegrityError:  # a parallel post of the same ticket was faster
        return _stale_page(request)
    return _send(request, asked, {"code": code})


def _deny(
    request: HttpRequest, asked: AuthorizationRequest, *, now: datetime
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    record_event(
        Event.Kind.CONSENT_DENIED,
        now=now,
        user=user,
        actor=user,
        address=address_of(request.META),
        detail=asked.client.name,
    )
    answer = {
        "error": "access_denied",
        "error_description": "The person denied the request.",
    }
    return _send(request, asked, answer)


@sensitive_variables("answer")
def _send(
    request: HttpRequest, asked: AuthorizationRequest, answer: dict[str, str]
) -> HttpResponse:
    issuer = site_url(host_url=host_url_of(request))
    return send_back(
        request,
        asked.redirect_uri,
        redirect_parameters(answer, state=asked.state, issuer=issuer),
        client_name=asked.client.name,
    )


def _send_error(
    request: HttpRequest, refused: RefusedRequest, *, now: datetime
) -> HttpResponse:
    """Tell the client what was wrong, once a person who may connect has signed in.

    Registration is open to everybody, so an error redirects nobody else (RFC 9700
    section 4.11.2). Whoever comes from the sign-in gets a page.
    """
    if not request.user.is_authenticated:
        following = by_page(request.get_full_path())
        return redirect_to_login(following, reverse(f"{admin_site().name}:login"))
    refusal = _judge_person(request, refused.client, now=now)
    if refusal is not None:
        return refusal
    error = refused.error
    answer = {"error": error.code, "error_description": error.detail}
    issuer = site_url(host_url=host_url_of(request))
    parameters = redirect_parameters(answer, state=refused.state, issuer=issuer)
    if not is_by_page(request):
        return send_back(
            request,
            refused.redirect_uri,
            parameters,
            client_name=refused.client.name,
        )
    context = {
        "sentence": _("The program asked in a way that this site does not answer."),
        "detail": error.detail,
        "back_url": with_parameters(refused.redirect_uri, parameters),
        "place": place_of(refused.redirect_uri),
    }
    return render_page(request, "error", context, status=400)


def _refused_page(
    request: HttpRequest, client: Client, *, denial: Denial, now: datetime
) -> HttpResponse:
    """Say why this person may not connect a client, and whom to ask."""
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    if is_for_the_record(user, now=now):
        record_event(
            Event.Kind.CONSENT_REFUSED,
            now=now,
            user=user,
            actor=user,
            address=address_of(request.META),
            detail=f"{client.name}: {denial}",
        )
    context = {
        "client": client,
        "username": user.get_username(),
        "is_disabled": denial == Denial.DISABLED,
        "is_inactive": denial == Denial.INACTIVE,
        "section": section_name(admin_site()),
        "login_url": reverse(f"{admin_site().name}:login"),
        "next": request.get_full_path(),
    }
    return render_page(request, "refused", context, status=403)


def _stale_page(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        _("This page was used before, has expired, or belongs to another sign-in."),
        status=400,
    )


def _switched_off_page(request: HttpRequest) -> HttpResponse:
    return later_page(
        request,
        _(
            "An administrator has switched off the connection of AI clients to this"
            " site. Try again later."
        ),
        seconds=SWITCHED_OFF_SECONDS,
    )
