"""Revoke one token, after a plain confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.admin.clients import client_name
from agent_connector.admin.links import next_url, screen_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.people import require, visible_user
from agent_connector.admin.revoke_all import is_confirmed, reason_of
from agent_connector.admin.token_rows import connections_of, token_rows
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
    user = visible_user(request, pk)
    require(may_revoke(request.user, user))
    now = timezone.now()
    found = connections_of(user.pk, now=now).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    after = next_url(request, default=screen_url(site.name, "tokens", user.pk))
    if is_confirmed(request):
        _revoke(request, found)
        return HttpResponseRedirect(after)
    [row] = token_rows([found], now=now)
    return render_page(
        site,
        request,
        "revoke_token.html",
        Page(title=_("Revoke token"), user=user),
        {
            "row": row,
            "here": after,
            "cancel_url": after,
            "is_leak": _reason(request, user.pk) is Connection.RevokedReason.LEAK,
        },
    )


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
    if ended:
        text = _("Token of %(client)s revoked. The client has lost its connection.")
        messages.success(request, text % name)
    else:
        messages.info(request, _("This token of %(client)s was revoked before.") % name)
