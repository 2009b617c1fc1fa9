"""Find the user whom a screen is about, and say no in the right way."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from agent_connector.admin.grid import search_fields
from agent_connector.models import MCPUser
from agent_connector.policy.administration import may_view_user, may_view_users
from agent_connector.policy.rules import Verdict


def find_user(pk: str) -> MCPUser | None:
    """Return the user with this primary key, whatever its type, or None."""
    try:
        clean = MCPUser._meta.pk.clean(unquote(pk), None)
    except (ValidationError, ValueError, TypeError):
        return None
    return MCPUser.objects.select_related("mcp_access").filter(pk=clean).first()


def users_called(words: str) -> QuerySet[MCPUser]:
    """Return those in whose names or e-mail each of the words occurs, in any case."""
    found = MCPUser.objects.all()
    for word in words.split():
        in_any = [Q(**{f"{name}__icontains": word}) for name in search_fields()]
        found = found.filter(reduce(or_, in_any))
    return found


def visible_user(request: HttpRequest, pk: str) -> MCPUser:
    """Return the user, if this viewer may see their connections.

    Raises:
        PermissionDenied: the viewer may not, or may not know that there is nobody.
        Http404: there is nobody.
    """
    user = find_user(pk)
    if user is None:
        require(may_view_users(request.user))
        raise Http404
    require(may_view_user(request.user, user))
    return user


def require(verdict: Verdict) -> None:
    """Go on only if the verdict allows it.

    Raises:
        PermissionDenied: it does not.
    """
    if not verdict.allowed:
        raise PermissionDenied
