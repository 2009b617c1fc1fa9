"""The view at `/mcp`: judge a request, hand it to the server, finish the answer."""

from __future__ import annotations

import logging
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from agent_connector.audit.strangers import record_refused_address
from agent_connector.conf import get_conf
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.verify import verify_access_token
from agent_connector.errors import SiteURLMissing
from agent_connector.mcp import challenge
from agent_connector.mcp.bearer import MalformedHeader, token_of
from agent_connector.mcp.body import INVALID_REQUEST, MAX_BODY_BYTES, problem_of
from agent_connector.mcp.exchange import Exchange, begin_exchange
from agent_connector.mcp.origin import PREFLIGHT_HEADERS, cors_headers, may_call
from agent_connector.mcp.server import the_server
from agent_connector.models.trouble import DATABASE_TROUBLE
from agent_connector.policy.address import address_of
from agent_connector.policy.arrival import arrival_headers
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import MCP_PATH, site_url
from agent_connector.tools.definition import (
    ConnectionEnded,
    ScopeMissing,
    Suspended,
    SwitchedOff,
)

UNAVAILABLE = -32000
"""JSON-RPC 2.0 section 5.1: a code of this server's own."""
INTERNAL_ERROR = -32603
RETRY_AFTER_SECONDS = 5
SWITCHED_OFF_SECONDS = 60

logger = logging.getLogger(__name__)


def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one request of an AI client; never with HTML, never by cookie."""
    try:
        response = _answer(request, now=timezone.now())
    except SiteURLMissing:
        response = _error(
            HTTPStatus.SERVICE_UNAVAILABLE,
            UNAVAILABLE,
            "This site is not set up: SITE_URL is missing.",
        )
    except DATABASE_TROUBLE:
        response = _database_away()
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Authorization", "Origin"])
    told = arrival_headers(request.META, scheme=request.scheme or "")
    for name, value in told.items():
        response.headers[name] = value
    return response


endpoint = csrf_exempt(login_not_required(endpoint))
for _alias in connections:
    # A refusal is recorded after the call is rolled back, not together with it.
    endpoint = transaction.non_atomic_requests(using=_alias)(endpoint)


def _answer(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """Judge in this order: site, origin, token, method, body; then serve."""
    site = site_url(host_url=_host_url(request))
    origin = request.headers.get("Origin")
    if origin is not None and not may_call(
        origin, site=site, allowed=get_conf().allowed_origins
    ):
        return _forbidden("This origin may not call.")
    if request.method == "OPTIONS":
        response = _preflight(origin)
    else:
        response = _answer_to_bearer(request, site=site, now=now)
    for name, value in (cors_headers(origin) if origin else {}).items():
        response.headers[name] = value
    return response


def _preflight(origin: str | None) -> HttpResponse:
    """Answer a browser that asks before it calls; it cannot send a token yet."""
    headers = {"Allow": "POST, OPTIONS", **(PREFLIGHT_HEADERS if origin else {})}
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=headers)


@sensitive_variables("token")
def _answer_to_bearer(
    request: HttpRequest, *, site: str, now: datetime
) -> HttpResponse:
    try:
        token = token_of(request.META.get("HTTP_AUTHORIZATION", ""))
    except MalformedHeader:
        return challenge.header_malformed(site)
    if token is None:
        return challenge.token_missing(site)
    address = address_of(request.META)
    caller = verify_access_token(
        token, resource=site + MCP_PATH, now=now, address=address
    )
    if isinstance(caller, Refusal):
        if caller.problem is Problem.ADDRESS:
            record_refused_address(address, path=request.path, now=now)
        return _refused(site, caller)
    return _refusal_of_message(request) or _served(request, caller, site=site, now=now)


def _refused(site: str, refusal: Refusal) -> HttpResponse:
    """Answer a request that nothing is done for, so that a client does what helps.

    401 makes it sign in again. Where that would not help, and its tokens stay good, it
    is told 503, or 403 without a challenge, which clients show to their person.
    """
    match refusal.problem:
        case Problem.SWITCHED_OFF | Problem.RULES_UNREADABLE:
            return _switched_off(refusal.sentence)
        case Problem.ADDRESS | Problem.SUSPENDED:
            return _forbidden(refusal.sentence)
        case _:
            return challenge.token_refused(site, refusal.sentence)


def _refusal_of_message(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a request that carries no readable message, or None."""
    if request.method != "POST":
        response = _error(
            HTTPStatus.METHOD_NOT_ALLOWED, INVALID_REQUEST, "Send messages by POST."
        )
        response.headers["Allow"] = "POST, OPTIONS"
        return response
    wrong_form = _refusal_of_form(request)
    if wrong_form is not None:
        return wrong_form
    try:
        body = _body_of(request)
    except UnreadablePostError:
        return _error(HTTPStatus.BAD_REQUEST, INVALID_REQUEST, "The body broke off.")
    if body is None:
        return _error(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            INVALID_REQUEST,
            f"A message has at most {MAX_BODY_BYTES} bytes.",
        )
    problem = problem_of(body)
    if problem is None:
        return None
    return _error(HTTPStatus.BAD_REQUEST, problem.code, problem.sentence)


def _refusal_of_form(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a body or a wish for one that is not JSON, or None."""
    if not request.accepts("application/json"):
        return _error(
            HTTPStatus.NOT_ACCEPTABLE, INVALID_REQUEST, "Accept application/json."
        )
    if not _is_json(request):
        return _error(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            INVALID_REQUEST,
            "Send application/json, in UTF-8 and not compressed.",
        )
    return None


def _is_json(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8")
    return (
        request.content_type == "application/json"
        and charset.lower() in {"utf-8", "utf8"}
        and request.headers.get("Content-Encoding", "identity") == "identity"
    )


def _body_of(request: HttpRequest) -> bytes | None:
    """Return the body, or None when it is too long, said so or not."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
            return None
        body = request.body
    except (RequestDataTooBig, ValueError):
        return None
    return body if len(body) <= MAX_BODY_BYTES else None


def _served(
    request: HttpRequest, caller: Caller, *, site: str, now: datetime
) -> HttpResponse:
    exchange = begin_exchange(request, caller=caller, now=now)
    try:
        response: HttpResponse = the_server()(request)
    except DATABASE_TROUBLE:
        raise
    except Exception:
        logger.exception("The MCP endpoint broke")
        return _error(
            HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL_ERROR, "Internal error."
        )
    return _finished(response, exchange, site=site)


def _finished(response: HttpResponse, exchange: Exchange, *, site: str) -> HttpResponse:
    """Return the server's answer, unless HTTP has an answer of its own for it."""
    match exchange.failure:
        case ScopeMissing() as failure:
            return challenge.scope_missing(
                site, needs=failure.needs, sentence=failure.message
            )
        case ConnectionEnded() as failure:
            return challenge.token_refused(site, failure.message)
        case SwitchedOff() as failure:
            return _switched_off(failure.message)
        case Suspended() as failure:
            return _forbidden(failure.message)
        case failure if isinstance(failure, DATABASE_TROUBLE):
            return _database_away()
        case _:
            return response


def _database_away() -> HttpResponse:
    """Answer while the database is locked, full or away. Never 401: tokens are good."""
    sentence = "The database is not available. Try again."
    return _try_later(sentence, seconds=RETRY_AFTER_SECONDS)


def _switched_off(sentence: str) -> HttpResponse:
    """Answer while an administrator keeps the server off. Never 401, for the same."""
    return _try_later(sentence, seconds=SWITCHED_OFF_SECONDS)


def _try_later(sentence: str, *, seconds: int) -> HttpResponse:
    response = _error(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE, sentence)
    response.headers["Retry-After"] = str(seconds)
    return response


def _forbidden(sentence: str) -> HttpResponse:
    return _error(HTTPStatus.FORBIDDEN, INVALID_REQUEST, sentence)


def _error(status: HTTPStatus, code: int, message: str) -> HttpResponse:
    """Return a JSON-RPC error that belongs to no message (section 5)."""
    error: dict[str, Any] = {"code": code, "message": message}
    return JsonResponse({"jsonrpc": "2.0", "id": None, "error": error}, status=status)


def _host_url(request: HttpRequest) -> str:
    """Return the request's own scheme and host, which count only under DEBUG."""
    if get_conf().site_url or not settings.DEBUG:
        return ""
    return request.build_absolute_uri("/")
