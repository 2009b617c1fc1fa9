"""What every endpoint that programs call has in common."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from agent_connector.audit.strangers import record_refused_address
from agent_connector.errors import SiteURLMissing
from agent_connector.models.trouble import DATABASE_TROUBLE
from agent_connector.oauth.errors import (
    AddressRefused,
    InvalidClient,
    InvalidRequest,
    MethodNotAllowed,
    OAuthError,
    PayloadTooLarge,
    RulesUnreadable,
    SwitchedOff,
    TooManyRequests,
    UnsupportedMediaType,
)
from agent_connector.oauth.form import MAX_BODY_BYTES
from agent_connector.oauth.gate import open_settings
from agent_connector.policy.address import address_of
from agent_connector.policy.arrival import arrival_headers
from agent_connector.policy.settings import SiteSettings

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]
V = TypeVar("V", bound=Callable[..., Any])

RETRY_AFTER_SECONDS = 2
SWITCHED_OFF_SECONDS = 60
PREFLIGHT_SECONDS = 3600
_MOST_DIGITS = 9
"""Of a length; beyond, Python itself may refuse to read the number."""

_SETTINGS = "agent_connector_settings"


def machine_endpoint(
    *methods: str, reads_settings: bool = True, is_public: bool = False
) -> Callable[[View], View]:
    """Make a view an endpoint for programs, whatever the host project is like.

    Every answer is JSON with its own caching and CORS headers, refusals and database
    trouble (503) too, and 503 while the server is switched off. The view is exempt
    from CSRF checks and from login, because no cookie counts here, and runs outside
    `ATOMIC_REQUESTS`: what a refusal ended stays ended. `reads_settings` False: the
    view reads rules and switch with what it reads anyway, and asks `require_open`.
    `is_public`: the site's address rules do not count.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def endpoint(request: HttpRequest) -> HttpResponse:
            if request.method == "OPTIONS":
                response = HttpResponse(status=204, headers=_preflight(methods))
            else:
                judge = _judged if reads_settings else _judging_itself
                response = _answer(
                    functools.partial(judge, view, is_public=is_public),
                    request,
                    methods=methods,
                )
            if "Cache-Control" not in response.headers:
                response.headers["Cache-Control"] = "no-store"
                response.headers["Pragma"] = "no-cache"
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = (
                "WWW-Authenticate, Retry-After"
            )
            told = arrival_headers(request.META, scheme=request.scheme or "")
            for name, value in told.items():
                response.headers[name] = value
            return response

        return outside_transactions(csrf_exempt(login_not_required(endpoint)))

    return decorate


def outside_transactions(view: V) -> V:
    """Keep `ATOMIC_REQUESTS` of every database away from a view."""
    for alias in connections:
        transaction.non_atomic_requests(alias)(view)
    return view


def _preflight(methods: tuple[str, ...]) -> dict[str, str]:
    return {
        "Allow": ", ".join([*methods, "OPTIONS"]),
        "Access-Control-Allow-Methods": ", ".join([*methods, "OPTIONS"]),
        "Access-Control-Allow-Headers": (
            "Accept, Authorization, Content-Type, MCP-Protocol-Version"
        ),
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }


def _answer(
    view: View, request: HttpRequest, *, methods: tuple[str, ...]
) -> HttpResponse:
    try:
        if request.method not in methods:
            raise MethodNotAllowed(f"Use {' or '.join(methods)}.")
        return view(request)
    except SwitchedOff:
        return _unavailable(
            "An administrator has switched the MCP server of this site off.",
            seconds=SWITCHED_OFF_SECONDS,
        )
    except RulesUnreadable:
        return _unavailable(
            "The address rules of this site cannot be read.",
            seconds=SWITCHED_OFF_SECONDS,
        )
    except OAuthError as error:
        if isinstance(error, AddressRefused):
            _record_address(request)
        logger.info("%s refused: %s (%s)", request.path, error.code, error.detail)
        return _refusal(error, allow=", ".join([*methods, "OPTIONS"]))
    except SiteURLMissing:
        logger.error("%s: AGENT_CONNECTOR has no SITE_URL", request.path)  # noqa: TRY400  # the place is known
        return _unavailable("This site is not set up yet: its SITE_URL is missing.")
    except DATABASE_TROUBLE:
        logger.exception("%s: the database did not answer", request.path)
        return _unavailable("The database is busy. Try again.")


def _judged(view: View, request: HttpRequest, *, is_public: bool) -> HttpResponse:
    """Let the view answer unless the sender may not come or the server is off."""
    in_force = open_settings(address_of(request.META), is_public=is_public)
    setattr(request, _SETTINGS, in_force)
    return view(request)


def _judging_itself(
    view: View, request: HttpRequest, *, is_public: bool
) -> HttpResponse:
    """Make sure that also what the view refuses before it knows is answered so."""
    try:
        return view(request)
    except OAuthError:
        open_settings(address_of(request.META), is_public=is_public)
        raise


def _record_address(request: HttpRequest) -> None:
    """Record it if the database can; the sender is refused in any case."""
    address = address_of(request.META)
    with contextlib.suppress(*DATABASE_TROUBLE):
        record_refused_address(address, path=request.path, now=timezone.now())


def _refusal(error: OAuthError, *, allow: str) -> JsonResponse:
    response = JsonResponse(
        {"error": error.code, "error_description": error.detail}, status=error.status
    )
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = allow
    if isinstance(error, InvalidClient) and error.challenge:
        response.headers["WWW-Authenticate"] = 'Basic realm="oauth"'
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def settings_of(request: HttpRequest) -> SiteSettings:
    """Return the settings in force when a machine endpoint began this request."""
    in_force: SiteSettings = getattr(request, _SETTINGS)
    return in_force


def _unavailable(sentence: str, *, seconds: int = RETRY_AFTER_SECONDS) -> JsonResponse:
    return JsonResponse(
        {"error": "temporarily_unavailable", "error_description": sentence},
        status=503,
        headers={"Retry-After": str(seconds)},
    )


def read_body(request: HttpRequest, *, content_type: str) -> bytes:
    """Return the body, judged by its type and size before it is read.

    Raises:
        UnsupportedMediaType: it is of another type.
        PayloadTooLarge: it is longer than `MAX_BODY_BYTES`.
        InvalidRequest: the connection broke while it was read.
    """
    if request.content_type != content_type:
        raise UnsupportedMediaType(f"Send {content_type}.")
    declared = str(request.META.get("CONTENT_LENGTH") or "0")
    is_short = declared.isdecimal() and len(declared) <= _MOST_DIGITS
    if not is_short or int(declared) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is longer than {MAX_BODY_BYTES} bytes.")
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise PayloadTooLarge("The body is too long.") from error
    except UnreadablePostError as error:
        raise InvalidRequest("The body could not be read.") from error
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return body


def read_form_text(request: HttpRequest) -> str:
    """Return a form body as text; bytes beyond ASCII stay visible as such.

    Raises:
        InvalidRequest: parameters stand in the query string, where they would end
            up in logs (RFC 6749 section 3.2), or the body cannot be read.
    """
    if request.META.get("QUERY_STRING"):
        raise InvalidRequest("Send parameters in the body, not in the query string.")
    body = read_body(request, content_type="application/x-www-form-urlencoded")
    return body.decode("latin-1")


def host_url_of(request: HttpRequest) -> str:
    """Return the request's own scheme and host, which counts under DEBUG only."""
    return f"{request.scheme}://{request.get_host()}" if settings.DEBUG else ""
