"""Leaked token: paste what turned up somewhere, see whose it is, and revoke it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin import AdminSite
from django.db.models import Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from agent_connector.admin.links import screen_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.people import require
from agent_connector.admin.revoke_token import FOUND
from agent_connector.admin.token_rows import TokenRow, connections_where, token_rows
from agent_connector.connections.trace import Trace, trace_tokens
from agent_connector.models import Token
from agent_connector.policy.administration import may_trace
from agent_connector.policy.staff import name_of

MAX_CHARACTERS = 100_000
"""Of what is pasted; the rest is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One connection of which tokens were pasted."""

    row: TokenRow
    kinds: Sequence[str | Promise]
    owner: str
    owner_url: str
    revoke_url: str


@sensitive_variables("text")
def trace(site: AdminSite, request: HttpRequest) -> TemplateResponse:
    """Look what was pasted up by its digest; it is stored and shown nowhere."""
    require(may_trace(request.user))
    found: list[Found] = []
    answer = ""
    if request.method == "POST":
        text = request.POST.get("text", "")[:MAX_CHARACTERS]
        traced = trace_tokens(text)
        found = _found(site, traced.tokens, now=timezone.now())
        answer = "" if found else _nothing(traced, is_empty=not text.strip())
    return render_page(
        site,
        request,
        "trace.html",
        Page(title=_("Leaked token")),
        {"found": found, "answer": answer},
    )


def _found(site: AdminSite, tokens: Sequence[Token], *, now: datetime) -> list[Found]:
    kinds: dict[int, list[str | Promise]] = {}
    for token in tokens:
        kinds.setdefault(token.connection_id, []).append(token.get_kind_display())
    connections = list(
        connections_where(Q(pk__in=kinds), now=now).select_related("user", "revoked_by")
    )
    return [
        Found(
            row=row,
            kinds=list(dict.fromkeys(kinds[connection.pk])),
            owner=name_of(connection.user),
            owner_url=screen_url(site.name, "info", connection.user_id),
            revoke_url=screen_url(
                site.name, "token_revoke", connection.user_id, row.public_id
            )
            + f"?{FOUND}=yes",
        )
        for connection, row in zip(
            connections, token_rows(connections, now=now), strict=True
        )
    ]


def _nothing(traced: Trace, *, is_empty: bool) -> str:
    if is_empty:
        return _("Paste the token first.")
    if traced.has_token:
        return _(
            "It has the form of a token of ours, but none like it is known here:"
            " another site may have issued it, or its user was deleted."
        )
    return _(
        "There is no token of this site in it. Tokens begin with aca_, acr_ or acp_"
        " and are 50 characters long, and a part of one is not enough."
    )
