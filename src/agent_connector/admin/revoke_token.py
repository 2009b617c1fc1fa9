"""Revoke one token, after a plain confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.admin.clients import client_name
from agent_connector.admin.one_token import Question, ask_about_token
from agent_connector.admin.revoke_all import reason_of
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_revoke, may_trace

FOUND = "found"
"""In the query, `yes` if the token was found where it should not be."""


def revoke_token(
    site: AdminSite, request: HttpRequest, *, pk: str, public_id: UUID
) -> HttpResponseBase:
    """Ask first; then end the connection, its access and refresh tokens at once."""
    question = Question(
        title=_("Revoke token"),
        template="revoke_token.html",
        may=may_revoke,
        act=_revoke,
        facts=_facts,
    )
    return ask_about_token(site, request, question, pk=pk, public_id=public_id)


def _facts(request: HttpRequest, found: Connection) -> dict[str, bool]:
    return {
        "is_leak": _reason(request, found.user_id) is Connection.RevokedReason.LEAK,
        "is_personal": found.is_personal,
        "is_own": found.user_id == request.user.pk,
    }


def _reason(request: HttpRequest, user_pk: object) -> Connection.RevokedReason:
    """Return why it is revoked: that it leaked, if one comes from the box for that."""
    if request.GET.get(FOUND) == "yes" and may_trace(request.user).allowed:
        return Connection.RevokedReason.LEAK
    return reason_of(request, user_pk)


def _revoke(request: HttpRequest, connection: Connection) -> None:
    name = {"client": client_name(connection)}
    ended = revoke_connection(
        connection,
        reason=_reason(request, connection.user_id),
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    if ended and connection.is_personal:
        text = _("Token %(client)s revoked. Scripts that use it are refused now.")
        messages.success(request, text % name)
    elif ended:
        text = _("Token of %(client)s revoked. The client has lost its connection.")
        messages.success(request, text % name)
    else:
        messages.info(request, _("This token of %(client)s was revoked before.") % name)
