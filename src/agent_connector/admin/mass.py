"""The grid's mass actions, each with a page that says what it will affect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, action
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agent_connector.admin.page import Page, Text, render_page
from agent_connector.admin.password import PasswordForm
from agent_connector.admin.revoke_all import is_confirmed
from agent_connector.connections.access import disable_access, enable_access
from agent_connector.connections.revoke import Revoked, revoke_users
from agent_connector.models import Connection, MCPAccess, MCPUser
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_access, may_revoke
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import name_of

SALT = "agent_connector.admin.mass"
NAMES_SHOWN = 20
BATCH = 5_000
"""Users per statement: databases limit how many values one may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The selected users that the viewer may do this to."""

    pks: list[Any]
    names: list[tuple[str, bool]]
    """Of the first of them, each with whether MCP access is enabled."""

    left_out: int
    """How many were selected that the viewer may not do this to."""

    @property
    def seal(self) -> str:
        """What the page between carries, so that only what it showed is confirmed."""
        told = json.dumps(sorted(map(str, self.pks)))
        return salted_hmac(SALT, told, algorithm="sha256").hexdigest()


@action(description=gettext_lazy("Revoke"), permissions=["revoke"])
def revoke(
    model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[MCPUser]
) -> TemplateResponse | None:
    """Revoke all tokens of the selected users."""
    chosen = _choose(queryset, may=lambda user: may_revoke(request.user, user).allowed)
    if not _is_as_shown(request, chosen):
        return _ask(model_admin, request, chosen, name="revoke", form=None)
    done = _in_batches(request, chosen.pks, _revoke_batch)
    messages.success(request, revoked_text(done))
    return None


@action(description=gettext_lazy("Enable"), permissions=["change_access"])
def enable(
    model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[MCPUser]
) -> TemplateResponse | None:
    """Enable MCP access of the selected users."""
    chosen = _changeable(request, queryset)
    form = _password_form(request, chosen)
    if not form.is_valid():
        return _ask(model_admin, request, chosen, name="enable", form=form)
    done = _in_batches(request, chosen.pks, _enable_batch)
    text = ngettext(
        "MCP access enabled for %(count)d user.",
        "MCP access enabled for %(count)d users.",
        done.users,
    )
    messages.success(request, text % {"count": done.users})
    return None


@action(description=gettext_lazy("Disable"), permissions=["change_access"])
def disable(
    model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[MCPUser]
) -> TemplateResponse | None:
    """Disable MCP access of the selected users and revoke all their tokens."""
    chosen = _changeable(request, queryset)
    form = _password_form(request, chosen)
    if not form.is_valid():
        return _ask(model_admin, request, chosen, name="disable", form=form)
    count = _count_enabled(chosen.pks)
    done = _in_batches(request, chosen.pks, _disable_batch)
    text = ngettext(
        "MCP access disabled for %(count)d user.",
        "MCP access disabled for %(count)d users.",
        count,
    )
    messages.success(request, f"{text % {'count': count}} {revoked_text(done)}")
    return None


ACTIONS = {"revoke": revoke, "enable": enable, "disable": disable}


def refuse_malformed_selection(request: HttpRequest) -> None:
    """Stop before a selected value that cannot be a primary key reaches the database.

    Raises:
        BadRequest: there is one.
    """
    field = MCPUser._meta.pk
    for text in request.POST.getlist(ACTION_CHECKBOX_NAME):
        try:
            field.clean(text, None)
        except (ValidationError, ValueError, TypeError) as problem:
            raise BadRequest("A selected user does not exist.") from problem


def revoked_text(done: Revoked) -> str:
    """Return such as `Revoked 5 tokens of 3 users.`."""
    if not done.tokens:
        return _("There was no active token to revoke.")
    tokens = ngettext("%(count)d token", "%(count)d tokens", done.tokens)
    users = ngettext("%(count)d user", "%(count)d users", done.users)
    return _("Revoked %(tokens)s of %(users)s.") % {
        "tokens": tokens % {"count": done.tokens},
        "users": users % {"count": done.users},
    }


def _changeable(request: HttpRequest, queryset: QuerySet[MCPUser]) -> Chosen:
    return _choose(
        queryset, may=lambda user: may_change_access(request.user, user).allowed
    )


def _choose(queryset: QuerySet[MCPUser], *, may: Callable[[MCPUser], bool]) -> Chosen:
    pks: list[Any] = []
    names: list[tuple[str, bool]] = []
    left_out = 0
    for user in queryset.iterator(chunk_size=BATCH):
        if not may(user):
            left_out += 1
            continue
        pks.append(user.pk)
        if len(names) < NAMES_SHOWN:
            names.append((name_of(user), _is_enabled(user)))
    return Chosen(pks=pks, names=names, left_out=left_out)


def _is_enabled(user: MCPUser) -> bool:
    access = access_of(user)
    return access is not None and access.enabled


def _is_as_shown(request: HttpRequest, chosen: Chosen) -> bool:
    """Say whether somebody is chosen, and the viewer confirmed just these."""
    shown = request.POST.get("shown", "")
    is_same = constant_time_compare(shown, chosen.seal)
    return is_confirmed(request) and bool(chosen.pks) and is_same


def _password_form(request: HttpRequest, chosen: Chosen) -> PasswordForm:
    """Return a form that is valid only for what was shown, with the password."""
    confirmed = request.POST if _is_as_shown(request, chosen) else None
    return PasswordForm(confirmed, request=request)


def _ask(
    model_admin: ModelAdmin,
    request: HttpRequest,
    chosen: Chosen,
    *,
    name: str,
    form: PasswordForm | None,
) -> TemplateResponse:
    """Show how many users and tokens it will affect, and who they are."""
    enabled = _count_enabled(chosen.pks)
    already = {"enable": enabled, "disable": len(chosen.pks) - enabled}.get(name, 0)
    tokens = sum(
        Connection.objects.active(at=timezone.now()).filter(user__in=batch).count()
        for batch in _batches(chosen.pks)
    )
    return render_page(
        model_admin.admin_site,
        request,
        "mass.html",
        Page(title=_TITLES[name]),
        {
            "action_name": name,
            "chosen": chosen,
            "has_changed": is_confirmed(request) and not _is_as_shown(request, chosen),
            "user_count": len(chosen.pks),
            "already_count": already,
            "includes_viewer": name == "disable" and request.user.pk in chosen.pks,
            "more_count": len(chosen.pks) - len(chosen.names),
            "token_count": tokens,
            "form": form,
            "ids": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "select_across": request.POST.get("select_across", "0"),
            "here": request.get_full_path(),
        },
    )


def _count_enabled(pks: list[Any]) -> int:
    return sum(
        MCPAccess.objects.filter(pk__in=batch, enabled=True).count()
        for batch in _batches(pks)
    )


_TITLES: dict[str, Text] = {
    "revoke": gettext_lazy("Revoke tokens of several users"),
    "enable": gettext_lazy("Enable several users"),
    "disable": gettext_lazy("Disable several users"),
}

Batch = Callable[..., Revoked]


def _in_batches(request: HttpRequest, pks: list[Any], act: Batch) -> Revoked:
    """Do it to all or to none, and return what it did to how many."""
    facts = {
        "actor": request.user,
        "now": timezone.now(),
        "address": address_of(request.META),
    }
    with transaction.atomic():
        done = [act(batch, **facts) for batch in _batches(pks)]
    return Revoked(
        users=sum(one.users for one in done), tokens=sum(one.tokens for one in done)
    )


def _batches(pks: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


def _revoke_batch(
    pks: list[Any], *, actor: Any, now: datetime, address: str | None
) -> Revoked:
    reason = Connection.RevokedReason.ADMIN
    return revoke_users(pks, reason=reason, actor=actor, now=now, address=address)


def _enable_batch(
    pks: list[Any], *, actor: Any, now: datetime, address: str | None
) -> Revoked:
    users = enable_access(pks, actor=actor, now=now, address=address)
    return Revoked(users=users, tokens=0)


def _disable_batch(
    pks: list[Any], *, actor: Any, now: datetime, address: str | None
) -> Revoked:
    return disable_access(pks, actor=actor, now=now, address=address)
