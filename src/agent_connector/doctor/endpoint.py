"""What a client meets first at `/mcp` and at the token endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.doctor import fixes
from agent_connector.doctor.absence import absence_of, silence_of
from agent_connector.doctor.examination import RESOURCE_PATH, Examination
from agent_connector.doctor.finding import (
    Blame,
    Finding,
    Probe,
    all_skipped,
    failed,
    ok,
    skipped,
)
from agent_connector.doctor.wire import Answer, NoAnswer
from agent_connector.oauth.metadata import TOKEN_PATH
from agent_connector.policy.site import MCP_PATH

FORGED_ADDRESS = "198.51.100.23"
"""Of a network that documents use (RFC 5737): nobody's, so that to see it believed is
to see a header believed that anybody can write."""

_POINTER = re.compile(r'resource_metadata="([^"]*)"')


def probe_endpoint(exam: Examination) -> Iterator[Finding]:
    """Yield what a client without a token sees, and one with a token nobody issued."""
    challenge = _challenge(exam)
    yield challenge
    if not is_ours(exam):
        because = _("The MCP endpoint was not reached.")
        yield from all_skipped([Probe.AUTHORIZATION], because)
    else:
        yield _authorization(exam)
    yield _token_endpoint(exam)
    yield _caching(exam)


def is_ours(exam: Examination) -> bool:
    """Say whether what answers at `/mcp` is this application."""
    try:
        answer = exam.unauthorized()
    except NoAnswer:
        return False
    return answer.arrival is not None or _is_challenge(answer)


def _is_challenge(answer: Answer) -> bool:
    told = answer.document() or {}
    return answer.status == HTTPStatus.UNAUTHORIZED and "error_description" in told


def _challenge(exam: Examination) -> Finding:
    probe = Probe.CHALLENGE
    try:
        answer = exam.unauthorized()
    except NoAnswer as silence:
        return failed(probe, MCP_PATH, silence_of(silence, host=exam.host))
    seen = f"POST {MCP_PATH}: {answer.status}"
    if not is_ours(exam):
        return failed(probe, seen, absence_of(exam, answer))
    if answer.status == HTTPStatus.FORBIDDEN and exam.in_force.allowed_addresses:
        because = _(
            "Only the allowed IP addresses of Settings may call, and this server's own"
            " is none of them. To let the doctor in, add it there."
        )
        return skipped(probe, because, fix=_address_in(answer))
    pointer = _POINTER.search(answer.header("WWW-Authenticate"))
    if pointer and pointer[1] == f"{exam.site}{RESOURCE_PATH}{MCP_PATH}":
        return ok(probe, f"{seen}, {pointer[1]}")
    if pointer:
        cause = _("The site runs with another SITE_URL than this process.")
        blame = Blame(cause=cause, fix=fixes.site_url(exam.site))
        return failed(probe, f"{seen}, {pointer[1][:200]}", blame)
    cause = _(
        "The header WWW-Authenticate was lost on the way: the proxy hides or replaces"
        " it. Clients need it to begin."
    )
    return failed(probe, seen, Blame(cause=cause, fix=fixes.CHALLENGE))


def _address_in(answer: Answer) -> str:
    return answer.arrival.address if answer.arrival else ""


def ask_with_unknown_token(exam: Examination) -> Answer:
    """Return the answer to a well-formed token that nobody issued, from a forged place.

    Raises:
        NoAnswer: there is none.
    """
    return exam.once("unknown token", lambda: _ask_with_unknown_token(exam))


@sensitive_variables()
def _ask_with_unknown_token(exam: Examination) -> Answer:
    headers = {
        "Authorization": f"Bearer {mint_secret(Prefix.ACCESS)}",
        "X-Forwarded-For": FORGED_ADDRESS,
    }
    return exam.wire.ask("POST", MCP_PATH, headers=headers)


def _authorization(exam: Examination) -> Finding:
    probe = Probe.AUTHORIZATION
    try:
        answer = ask_with_unknown_token(exam)
    except NoAnswer as silence:
        return failed(probe, MCP_PATH, silence_of(silence, host=exam.host))
    if (answer.document() or {}).get("error") == "invalid_token":
        return ok(probe, _("A token that nobody issued was refused as unknown."))
    arrival = answer.arrival
    if arrival.has_authorization if arrival else not _is_challenge(answer):
        because = _("The MCP endpoint answers %(status)s to a token.")
        return skipped(probe, because % {"status": answer.status})
    return failed(
        probe,
        _("A token was sent, and the site answered as if there were none."),
        Blame(
            cause=_(
                "The proxy, or the server below Django, drops the Authorization"
                " header: no client can sign in. Apache with mod_wsgi needs"
                " WSGIPassAuthorization On."
            ),
            fix=fixes.AUTHORIZATION,
        ),
    )


def _token_endpoint(exam: Examination) -> Finding:
    probe = Probe.TOKEN_ENDPOINT
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = exam.wire.ask(
            "POST", TOKEN_PATH, headers=headers, body=b"grant_type=doctor"
        )
    except NoAnswer as silence:
        return failed(probe, TOKEN_PATH, silence_of(silence, host=exam.host))
    seen = f"POST {TOKEN_PATH}: {answer.status}"
    told = answer.document() or {}
    if told.get("error") == "unsupported_grant_type":
        return ok(probe, seen)
    if answer.arrival is None:
        return failed(probe, seen, absence_of(exam, answer))
    cause = _("The form did not arrive as it was sent.")
    return failed(probe, seen, Blame(cause=cause, fix=fixes.location("/")))


def _caching(exam: Examination) -> Finding:
    if not is_ours(exam):
        return skipped(Probe.CACHING, _("The MCP endpoint was not reached."))
    told = exam.unauthorized().header("Cache-Control")
    if "no-store" in told:
        return ok(Probe.CACHING, f"Cache-Control: {told[:200]}")
    cause = _(
        "The proxy removes or replaces Cache-Control. Something on the way may keep an"
        " answer and give it to somebody else."
    )
    return failed(
        Probe.CACHING,
        f"Cache-Control: {told[:200] or '-'}",
        Blame(cause=cause, fix=fixes.CACHING),
    )
