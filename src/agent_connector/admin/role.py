"""The MCP page of a role: what the agents of its users may use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.admin.links import role_page_url, role_url
from agent_connector.admin.page import Crumb, Page, crumbs_to_list, render_page
from agent_connector.admin.people import require
from agent_connector.admin.role_form import RolePolicyForm
from agent_connector.audit.record import record_event
from agent_connector.models import Event, RolePolicy
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_roles

MAX_DETAIL = 500


def show_role(site: AdminSite, request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """Show the limits of a role; on a good answer store and record them."""
    require(may_change_roles(request.user))
    if request.method == "POST":
        return _change(site, request, pk)
    group = _found(Group.objects.filter(pk=pk).first())
    form = RolePolicyForm(policy=_policy_of(group), site=site)
    return _show(site, request, group, form)


@transaction.atomic
def _change(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponseBase:
    group = _found(Group.objects.select_for_update().filter(pk=pk).first())
    policy = _policy_of(group)
    form = RolePolicyForm(request.POST, policy=policy, site=site)
    if not form.is_valid():
        return _show(site, request, group, form)
    changes = _differences(policy, form.wanted())
    if changes:
        _store(policy, form.wanted())
        record_event(
            Event.Kind.ROLE_CHANGED,
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
            address=address_of(request.META),
            detail=f"{group}: {'; '.join(changes)}"[:MAX_DETAIL],
        )
        text = _("Saved. It counts from the next request of an agent on.")
        messages.success(request, text)
    else:
        messages.info(request, _("It was so already. Nothing was changed."))
    return HttpResponseRedirect(role_url(site.name, group.pk))


def _found(group: Group | None) -> Group:
    if group is None:
        raise Http404
    return group


def _policy_of(group: Group) -> RolePolicy:
    """Return the stored limits of the role, or unsaved ones that limit nothing."""
    return RolePolicy.objects.filter(group=group).first() or RolePolicy(group=group)


def _differences(policy: RolePolicy, wanted: dict[str, Any]) -> list[str]:
    """Return what would change, as the record has it."""
    stored = {name: getattr(policy, name) for name in wanted}
    return [
        f"{name}: {_text(stored[name])} → {_text(value)}"
        for name, value in wanted.items()
        if _comparable(value) != _comparable(stored[name])
    ]


def _comparable(value: Any) -> Any:
    return set(value) if isinstance(value, list) else value


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "all"
    if not isinstance(value, bool):
        return "as the site" if value is None else str(value)
    return "on" if value else "off"


def _store(policy: RolePolicy, wanted: dict[str, Any]) -> None:
    """Keep no row that limits nothing: it would cost each request a statement."""
    for name, value in wanted.items():
        setattr(policy, name, value)
    if any(wanted.values()):
        policy.save()
    else:
        RolePolicy.objects.filter(group=policy.group).delete()


def _show(
    site: AdminSite, request: HttpRequest, group: Group, form: RolePolicyForm
) -> HttpResponseBase:
    page_url = role_page_url(site, request, group)
    response = render_page(
        site,
        request,
        "role.html",
        Page(title=str(group), is_below_grid=False),
        {"form": form, "role": group, "role_page_url": page_url},
    )
    data = response.context_data or {}
    data["trail"] = [
        *crumbs_to_list(data["available_apps"], Group),
        Crumb(label=str(group), url=page_url),
        Crumb(label=_("MCP")),
    ]
    return response
