"""One client: what is known of it, who uses it, and Block and Unblock."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agent_connector.admin.client_entry import renewable
from agent_connector.admin.client_rows import UNUSED, usage_of, users_of
from agent_connector.admin.fragment import in_its_form
from agent_connector.admin.links import next_url, screen_url
from agent_connector.admin.people import require
from agent_connector.admin.revoke_all import is_confirmed
from agent_connector.admin.system_page import render_system_page
from agent_connector.audit.lines import NAMELESS
from agent_connector.connections.block import block_client, unblock_client
from agent_connector.models import Client
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_clients, may_view_users
from agent_connector.policy.staff import name_of

MOST_USERS = 50


def show_client(site: AdminSite, request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """Show what the client said of itself, what was verified, and who uses it."""
    client = _find(request, pk)
    now = timezone.now()
    sees_users = may_view_users(request.user).allowed
    people = [
        {
            "name": name_of(user),
            "url": screen_url(site.name, "tokens", user.pk) if sees_users else "",
            "usage": usage,
        }
        for user, usage in users_of(client.pk, now=now, most=MOST_USERS)
    ]
    usage = usage_of([client.pk], now=now).get(client.pk, UNUSED)
    with_secret = Client.objects.filter(pk=client.pk, secret_digest__isnull=False)
    may_renew = renewable().filter(pk=client.pk).exists()
    return render_system_page(
        site,
        request,
        "client.html",
        model=Client,
        title=_called(client),
        context={
            "client": client,
            "usage": usage,
            "people": people,
            "more_count": max(0, usage.users - len(people)),
            "is_blocked": client.trust == Client.Trust.BLOCKED,
            "has_secret": with_secret.exists(),
            "secret_url": _url(site, "secret", client) if may_renew else "",
            "block_url": _url(site, "block", client),
            "unblock_url": _url(site, "unblock", client),
        },
    )


def block(site: AdminSite, request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """Ask first; then end all connections of the client, and let it open no new one."""
    client = _find(request, pk)
    if not is_confirmed(request):
        return _ask(site, request, client, is_block=True)
    done = block_client(
        client,
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    if done is None:
        text = _("%(client)s was blocked before. Nothing was changed.")
        messages.info(request, text % {"client": _called(client)})
        return _answer(site, request, client)
    if not done.tokens:
        text = _("%(client)s is blocked. It had no active token.")
        messages.success(request, text % {"client": _called(client)})
        return _answer(site, request, client)
    text = ngettext(
        "%(client)s is blocked. Revoked %(count)d token.",
        "%(client)s is blocked. Revoked %(count)d tokens.",
        done.tokens,
    )
    messages.success(request, text % {"client": _called(client), "count": done.tokens})
    return _answer(site, request, client)


def unblock(site: AdminSite, request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """Ask first; then let the client be authorized again."""
    client = _find(request, pk)
    if not is_confirmed(request):
        return _ask(site, request, client, is_block=False)
    changed = unblock_client(
        client,
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    if changed:
        text = _("%(client)s is no longer blocked. It has to be authorized again.")
        messages.success(request, text % {"client": _called(client)})
    else:
        text = _("%(client)s was not blocked. Nothing was changed.")
        messages.info(request, text % {"client": _called(client)})
    return _answer(site, request, client)


def _find(request: HttpRequest, pk: int) -> Client:
    require(may_change_clients(request.user))
    client = Client.objects.defer("secret_digest").filter(pk=pk).first()
    if client is None:
        raise Http404
    return client


def _ask(
    site: AdminSite, request: HttpRequest, client: Client, *, is_block: bool
) -> HttpResponseBase:
    usage = usage_of([client.pk], now=timezone.now()).get(client.pk, UNUSED)
    after = _after(site, request, client)
    response = render_system_page(
        site,
        request,
        "block_client.html",
        model=Client,
        title=_("Block client") if is_block else _("Unblock client"),
        context={
            "client": client,
            "client_name": _called(client),
            "is_block": is_block,
            "usage": usage,
            "here": after,
            "cancel_url": after,
        },
    )
    return in_its_form(request, response)


def _answer(site: AdminSite, request: HttpRequest, client: Client) -> HttpResponseBase:
    after = HttpResponseRedirect(_after(site, request, client))
    return in_its_form(request, after)


def _after(site: AdminSite, request: HttpRequest, client: Client) -> str:
    return next_url(request, default=_url(site, "change", client))


def _url(site: AdminSite, screen: str, client: Client) -> str:
    name = f"admin:agent_connector_client_{screen}"
    return reverse(name, args=[client.pk], current_app=site.name)


def _called(client: Client) -> str | Promise:
    return client.name or NAMELESS
