"""A question about one token: asked first, then acted on, then back to where one was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from agent_connector.admin.links import next_url, screen_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.people import require, visible_user
from agent_connector.admin.revoke_all import is_confirmed
from agent_connector.admin.token_rows import connections_of, token_rows
from agent_connector.models import Connection
from agent_connector.policy.rules import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, of whom, and what a yes does."""

    title: str
    template: str
    may: Callable[[Any, Any], Verdict]
    """Told the viewer and the user whose token it is."""

    act: Callable[[HttpRequest, Connection], None]
    """Does it, and says in a message what became of it."""

    facts: Callable[[HttpRequest, Connection], dict[str, Any]]
    """What the template says besides the token's own row."""


def ask_about_token(
    site: AdminSite,
    request: HttpRequest,
    question: Question,
    *,
    pk: str,
    public_id: UUID,
) -> HttpResponseBase:
    """Show the question; once it is confirmed, act and lead back.

    Raises:
        Http404: this user has no such token.
        PermissionDenied: the viewer may not.
    """
    user = visible_user(request, pk)
    require(question.may(request.user, user))
    now = timezone.now()
    found = connections_of(user.pk, now=now).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    after = next_url(request, default=screen_url(site.name, "tokens", user.pk))
    if is_confirmed(request):
        question.act(request, found)
        return HttpResponseRedirect(after)
    [row] = token_rows([found], now=now)
    return render_page(
        site,
        request,
        question.template,
        Page(title=question.title, user=user),
        {
            "row": row,
            "here": after,
            "cancel_url": after,
            **question.facts(request, found),
        },
    )
