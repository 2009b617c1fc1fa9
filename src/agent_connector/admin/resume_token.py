"""Resume one suspended token, after a plain confirmation."""

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
from agent_connector.admin.revoke_all import is_confirmed
from agent_connector.admin.token_rows import connections_of, token_rows
from agent_connector.connections.suspend import resume_connection
from agent_connector.models import Connection
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_resume


def resume_token(
    site: AdminSite, request: HttpRequest, *, pk: str, public_id: UUID
) -> HttpResponseBase:
    """Ask first; then let the connection be used again, with the tokens it has."""
    user = visible_user(request, pk)
    require(may_resume(request.user, user))
    now = timezone.now()
    found = connections_of(user.pk, now=now).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    after = next_url(request, default=screen_url(site.name, "tokens", user.pk))
    if is_confirmed(request):
        _resume(request, found)
        return HttpResponseRedirect(after)
    [row] = token_rows([found], now=now)
    return render_page(
        site,
        request,
        "resume_token.html",
        Page(title=_("Resume token"), user=user),
        {
            "row": row,
            "suspended_at": found.suspended_at,
            "here": after,
            "cancel_url": after,
        },
    )


def _resume(request: HttpRequest, connection: Connection) -> None:
    name = {"client": client_name(connection)}
    resumed = resume_connection(
        connection,
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    if resumed:
        text = _("Token of %(client)s resumed. The client works again.")
        messages.success(request, text % name)
    else:
        text = _("This token of %(client)s is not suspended. Nothing was changed.")
        messages.info(request, text % name)
