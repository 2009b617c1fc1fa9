"""Enter a client, and renew its secret; the page that answers shows it, once."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from agent_connector.admin.client_form import ClientForm
from agent_connector.admin.once import fresh_mark, sent_before
from agent_connector.admin.people import require
from agent_connector.admin.revoke_all import is_confirmed
from agent_connector.admin.system_page import list_url, render_system_page
from agent_connector.models import Client
from agent_connector.oauth.manual import enter_client, renew_secret
from agent_connector.oauth.registration import Registration
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_clients


@sensitive_variables()
def add_client(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """Ask what the client is; on a good answer store it and show its secret."""
    require(may_change_clients(request.user))
    form = ClientForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "cancel_url": list_url(site.name, Client)}
        return _show(site, request, _("Add client"), context)
    before = sent_before(request, back=list_url(site.name, Client))
    if before is not None:
        return before
    entered = enter_client(
        **form.cleaned_data,
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    return _show_once(site, request, _("Client added"), entered)


@sensitive_variables()
def new_secret(site: AdminSite, request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """Ask first; then replace the secret and show the new one."""
    require(may_change_clients(request.user))
    client = renewable().filter(pk=pk).first()
    if client is None:
        raise Http404
    if not is_confirmed(request):
        context = {"client": client, "cancel_url": _url(site, client)}
        return _show(site, request, _("New secret"), context)
    before = sent_before(request, back=_url(site, client))
    if before is not None:
        return before
    secret = renew_secret(
        client,
        actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
        now=timezone.now(),
        address=address_of(request.META),
    )
    entered = Registration(client=client, secret=secret)
    return _show_once(site, request, _("New secret"), entered)


def renewable() -> Any:
    """Return the clients whose secret an administrator may renew."""
    manual = Client.objects.filter(kind=Client.Kind.MANUAL)
    public = Client.AuthMethod.NONE
    return manual.exclude(auth_method=public).defer("secret_digest")


@sensitive_variables()
def _show_once(
    site: AdminSite, request: HttpRequest, title: str, entered: Registration
) -> HttpResponseBase:
    context = {"entered": entered, "cancel_url": _url(site, entered.client)}
    return _show(site, request, title, context)


def _show(
    site: AdminSite, request: HttpRequest, title: str, context: dict[str, Any]
) -> HttpResponseBase:
    """Return the page, which no cache on the way or in the browser may keep."""
    response = render_system_page(
        site,
        request,
        "client_entry.html",
        model=Client,
        title=title,
        context={"once": fresh_mark(), **context},
    )
    add_never_cache_headers(response)
    return response


def _url(site: AdminSite, client: Client) -> str:
    name = "admin:agent_connector_client_change"
    return reverse(name, args=[client.pk], current_app=site.name)
