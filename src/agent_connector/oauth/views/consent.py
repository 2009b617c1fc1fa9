"""The consent page: who asks, for what, and what this person may give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from agent_connector.oauth.choices import (
    Choice,
    Reach,
    choices_for,
    lifetimes_within,
)
from agent_connector.oauth.redirects import place_of, stays_here
from agent_connector.oauth.ticket import issue_ticket
from agent_connector.oauth.views.page import admin_site, by_page, render_page
from agent_connector.policy.agent_access import access_to
from agent_connector.policy.exposure import is_exposed, label_of
from agent_connector.policy.role import limits_of
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import name_of
from agent_connector.tools.registry import all_tools

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from django.contrib.auth.models import User

    from agent_connector.models import Level
    from agent_connector.oauth.request import AuthorizationRequest


def reach_of(request: HttpRequest, *, site: AdminSite) -> Reach:
    """Return what the signed-in person may do in the admin, as its ModelAdmins say.

    Models withheld or hidden from agents do not count, nor those that a role of the
    person leaves out, nor changes of those that agents may only read.
    """
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    limits = limits_of(user)
    access = {
        site.get_model_admin(model): access_to(model, site=site)
        for model in apps.get_models()
        if site.is_registered(model)
        and is_exposed(model, user_model=get_user_model())
        and limits.allow_model(label_of(model))
    }
    admins = [one for one, left in access.items() if not left.hidden]

    def names(*acts: str) -> tuple[str, ...]:
        """Return the models of which the person may do one of these acts."""
        found = [
            capfirst(str(one.opts.verbose_name_plural))
            for one in admins
            if (acts == ("view",) or not (access[one].read_only or limits.read_only))
            and any(getattr(one, f"has_{act}_permission")(request) for act in acts)
        ]
        return tuple(sorted(found))

    return Reach(
        view=names("view"),
        change=names("change", "add"),
        delete=names("delete"),
        is_superuser=bool(getattr(user, "is_superuser", False)),
        left_by_roles=frozenset(
            tool.needs
            for tool in all_tools()
            if limits.allow_use(tool.name, needs=tool.needs)
        ),
    )


def choices_of(
    request: HttpRequest, asked: AuthorizationRequest, *, reach: Reach
) -> list[Choice]:
    """Return the levels as this person may give them to this client."""
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    access = access_of(user)
    ceiling = access.ceiling if access else asked.level
    return choices_for(asked=asked.level, ceiling=ceiling, reach=reach)


def consent_page(
    request: HttpRequest,
    asked: AuthorizationRequest,
    *,
    now: datetime,
    longest: timedelta,
    error: str = "",
    chosen: Level | None = None,
) -> HttpResponse:
    """Show the page with a ticket of its own; 400 when it is shown for an error.

    `longest` is how long a connection may live. `chosen` keeps a choice that was sound
    when something else was missing.
    """
    user: User = request.user  # type: ignore[assignment]  # signed in: judged before
    reach = reach_of(request, site=admin_site())
    context = {
        "client": asked.client,
        "place": place_of(asked.redirect_uri),
        "stays_here": stays_here(asked.redirect_uri),
        "person": name_of(user),
        "username": user.get_username(),
        "reach": reach,
        "choices": choices_of(request, asked, reach=reach),
        "chosen": chosen,
        "lifetimes": lifetimes_within(longest),
        "lifetime": request.POST.get("expires", ""),
        "ends_at": now + longest,
        "error": error,
        "action": request.get_full_path(),
        "by_page_url": by_page(request.get_full_path()),
        "ticket": issue_ticket(request.session, asked, user_pk=user.pk, now=now),
    }
    return render_page(request, "consent", context, status=400 if error else 200)
