"""A real connection through the public address: opened, used, revoked and removed.

It belongs to the user who asked for it or was named, may only read, and ends after a
minute by itself. The record tells what was done with it, and that it was the doctor.
Its tokens are sent nowhere unless this very site has answered there, and are kept
nowhere.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.open import Consent, open_connection
from agent_connector.doctor import fixes
from agent_connector.doctor.absence import absence_of, silence_of
from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import (
    Blame,
    Finding,
    Probe,
    all_skipped,
    failed,
    ok,
    skipped,
    warning,
)
from agent_connector.doctor.trial_client import (
    CLIENT_NAME,
    REDIRECT_URI,
    leave_nothing,
    register_client,
)
from agent_connector.doctor.wire import Answer, NoAnswer
from agent_connector.mcp.body import MAX_BODY_BYTES
from agent_connector.oauth.metadata import REVOKE_PATH, TOKEN_PATH
from agent_connector.oauth.pkce import challenge_of
from agent_connector.policy.rules import Denial, may_connect
from agent_connector.policy.scopes import Scope
from agent_connector.policy.site import MCP_PATH

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LIFETIME = timedelta(seconds=60)
PROTOCOL_VERSION = "2025-06-18"
STEPS = (Probe.EXCHANGE, Probe.BODY, Probe.TOOLS, Probe.REFRESH, Probe.REVOKE)


@dataclass(slots=True, kw_only=True)
class _Trial:
    """The temporary client with the tokens it holds."""

    exam: Examination
    client_id: str
    verifier: str = field(repr=False)
    code: str = field(repr=False)
    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)


@sensitive_variables()
def probe_connection(exam: Examination) -> list[Finding]:
    """Try what clients do, each step only if the one before it went well."""
    user = exam.user
    if user is None:
        because = _("No user was named in whose name a connection could be tried.")
        return [skipped(step, because, fix=fixes.COMMAND_AS) for step in STEPS]
    denial = may_connect(user).denial
    if denial is not None:
        return list(all_skipped(STEPS, _denied(user, denial)))
    try:
        is_this_site = exam.unauthorized().arrival is not None
    except NoAnswer:
        is_this_site = False
    if not is_this_site:
        because = _("It is not certain that this very site answers: no token is sent.")
        return list(all_skipped(STEPS, because))
    return _tried(exam, user)


def _denied(user: User, denial: Denial) -> str:
    name = user.get_username()
    if denial is Denial.DISABLED:
        return _("MCP access of %(name)s is disabled.") % {"name": name}
    return _("%(name)s may not sign in to the admin.") % {"name": name}


@sensitive_variables()
def _tried(exam: Examination, user: User) -> list[Finding]:
    now = timezone.now()
    client = register_client(exam, user, now=now)
    verifier = secrets.token_urlsafe(48)
    consent = Consent(
        client=client,
        level=Scope.READ,
        resource=exam.resource,
        redirect_uri=REDIRECT_URI,
        challenge=challenge_of(verifier),
        lifetime=LIFETIME,
        public_id=uuid.uuid4(),
    )
    try:
        code = open_connection(
            user,
            consent,
            actor=exam.actor,
            now=timezone.now(),  # later than the registration
            address=exam.address,
            via=exam.via,
        )
        trial = _Trial(
            exam=exam, client_id=client.client_id, verifier=verifier, code=code
        )
        done = list(_steps(trial))
    finally:
        leave_nothing(exam, client, consent)
    rest = STEPS[len(done) :]
    return [*done, *all_skipped(rest, _("The step before it has failed."))]


def _steps(trial: _Trial) -> Iterator[Finding]:
    """Yield a finding for each step, up to the first that has failed."""
    for probe, step in (
        (Probe.EXCHANGE, _exchange),
        (Probe.BODY, _long_message),
        (Probe.TOOLS, _tools),
        (Probe.REFRESH, _refresh),
        (Probe.REVOKE, _revoke),
    ):
        try:
            finding = step(trial)
        except NoAnswer as silence:
            blame = silence_of(silence, host=trial.exam.host)
            finding = failed(probe, str(silence), blame)
        yield finding
        if finding.result == "failed":
            return


@sensitive_variables()
def _exchange(trial: _Trial) -> Finding:
    answer = _post_form(
        trial,
        TOKEN_PATH,
        grant_type="authorization_code",
        code=trial.code,
        redirect_uri=REDIRECT_URI,
        code_verifier=trial.verifier,
        resource=trial.exam.resource,
    )
    return _keep_tokens(trial, answer, probe=Probe.EXCHANGE)


@sensitive_variables()
def _refresh(trial: _Trial) -> Finding:
    answer = _post_form(
        trial, TOKEN_PATH, grant_type="refresh_token", refresh_token=trial.refresh
    )
    return _keep_tokens(trial, answer, probe=Probe.REFRESH)


@sensitive_variables()
def _keep_tokens(trial: _Trial, answer: Answer, *, probe: Probe) -> Finding:
    told = answer.document() or {}
    access, refresh = told.get("access_token"), told.get("refresh_token")
    if not (isinstance(access, str) and isinstance(refresh, str)):
        return _refused(trial, answer, probe=probe)
    trial.access, trial.refresh = access, refresh
    return ok(probe, f"POST {TOKEN_PATH}: {answer.status}")


@sensitive_variables()
def _long_message(trial: _Trial) -> Finding:
    """Open the conversation with the longest message that the endpoint takes."""
    client = {"name": CLIENT_NAME, "version": "1"}
    asked = {
        "protocolVersion": PROTOCOL_VERSION,
        "capabilities": {},
        "clientInfo": client,
    }
    answer = _post_message(trial, "initialize", asked, size=MAX_BODY_BYTES)
    seen = _("%(size)s KiB: %(status)s") % {
        "size": MAX_BODY_BYTES // 1024,
        "status": answer.status,
    }
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        cause = _("The proxy takes shorter messages only than the site does.")
        return warning(Probe.BODY, seen, Blame(cause=cause, fix=fixes.BODY_SIZE))
    if _result_of(answer) is None:
        return _refused(trial, answer, probe=Probe.BODY)
    return ok(Probe.BODY, seen)


@sensitive_variables()
def _tools(trial: _Trial) -> Finding:
    listed = _post_message(trial, "tools/list", {})
    tools = (_result_of(listed) or {}).get("tools")
    called = _post_message(trial, "tools/call", {"name": "whoami", "arguments": {}})
    name, user = _name_in(called), trial.exam.user
    if not isinstance(tools, list):
        return _refused(trial, listed, probe=Probe.TOOLS)
    if user is None or name != user.get_username():
        return _refused(trial, called, probe=Probe.TOOLS)
    seen = _("%(count)s tools; whoami: %(name)s")
    return ok(Probe.TOOLS, seen % {"count": len(tools), "name": name})


@sensitive_variables()
def _revoke(trial: _Trial) -> Finding:
    given_back = _post_form(trial, REVOKE_PATH, token=trial.refresh)
    after = _post_message(trial, "tools/list", {})
    if given_back.status == HTTPStatus.OK and after.status == HTTPStatus.UNAUTHORIZED:
        return ok(Probe.REVOKE, f"POST {REVOKE_PATH}: 200; then /mcp: 401")
    refused = given_back if given_back.status != HTTPStatus.OK else after
    return _refused(trial, refused, probe=Probe.REVOKE)


def _refused(trial: _Trial, answer: Answer, *, probe: Probe) -> Finding:
    """Say what the site has against it, or who else has answered."""
    seen = f"POST {answer.path}: {answer.status}"
    if answer.arrival is None:
        return failed(probe, seen, absence_of(trial.exam, answer))
    told = answer.document() or {}
    cause = str(told.get("error_description") or _("The site did not do it."))
    return failed(probe, seen, Blame(cause=cause[:300]))


@sensitive_variables()
def _post_form(trial: _Trial, path: str, **fields: str) -> Answer:
    body = urlencode({"client_id": trial.client_id, **fields}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return trial.exam.wire.ask("POST", path, headers=headers, body=body)


@sensitive_variables()
def _post_message(
    trial: _Trial, method: str, params: dict[str, Any], *, size: int = 0
) -> Answer:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    headers = {
        "Authorization": f"Bearer {trial.access}",
        "Content-Type": "application/json",
        "MCP-Protocol-Version": PROTOCOL_VERSION,
    }
    body = json.dumps(message).encode().ljust(size)
    return trial.exam.wire.ask("POST", MCP_PATH, headers=headers, body=body)


def _name_in(answer: Answer) -> str | None:
    """Return whose name `whoami` answered, whatever shape a proxy has left of it."""
    told: Any = _result_of(answer)
    for key in ("structuredContent", "user", "username"):
        told = told.get(key) if isinstance(told, dict) else None
    return told if isinstance(told, str) else None


def _result_of(answer: Answer) -> dict[str, Any] | None:
    result = (answer.document() or {}).get("result")
    return result if isinstance(result, dict) else None
