"""Whether this site's own URLs lead a path to us."""

from __future__ import annotations

from django.urls import Resolver404, resolve


def is_routed(path: str) -> bool:
    """Say whether a request for `path`, once it has arrived, is answered by this app."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    module = getattr(view, "view_class", view).__module__
    return module.partition(".")[0] == "agent_connector"
