"""Revoke all tokens of one user, after a plain confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agent_connector.admin.links import next_url, screen_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.people import require, visible_user
from agent_connector.admin.summary import summary_context
from agent_connector.connections.revoke import revoke_users
from agent_connector.models import Connection, MCPUser
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_revoke
from agent_connector.policy.staff import name_of


def revoke_all(site: AdminSite, request: HttpRequest, *, pk: str) -> HttpResponseBase:
    """Ask first; then end every connection of the user."""
    user = visible_user(request, pk)
    require(may_revoke(request.user, user))
    after = next_url(request, default=screen_url(site.name, "info", user.pk))
    if is_confirmed(request):
        _revoke(request, user)
        return HttpResponseRedirect(after)
    return render_page(
        site,
        request,
        "revoke_all.html",
        Page(title=_("Revoke All Tokens"), user=user),
        {
            **summary_context(site, request, user, now=timezone.now()),
            "here": after,
            "cancel_url": after,
        },
    )


def is_confirmed(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("confirm") == "yes"


def reason_of(request: HttpRequest, user_pk: object) -> Connection.RevokedReason:
    """Return why a revoked row says it was revoked: by its user or by another."""
    if request.user.pk == user_pk:
        return Connection.RevokedReason.USER
    return Connection.RevokedReason.ADMIN


def _revoke(request: HttpRequest, user: MCPUser) -> None:
    revoked = revoke_users(
        [user.pk],
        reason=reason_of(request, user.pk),
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    name = name_of(user)
    if not revoked.tokens:
        text = _("%(name)s had no active token. Nothing was changed.") % {"name": name}
        messages.info(request, text)
        return
    text = ngettext(
        "Revoked %(count)d token of %(name)s. Its client must be authorized again.",
        "Revoked %(count)d tokens of %(name)s. Each client must be authorized again.",
        revoked.tokens,
    )
    messages.success(request, text % {"count": revoked.tokens, "name": name})
