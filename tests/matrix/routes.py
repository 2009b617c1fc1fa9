"""Every address that the resolver knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def routes_of(urlconf: Any) -> dict[str, str]:
    """Return each route by its full name, or by itself where it has none."""
    found = dict(_walk(get_resolver(urlconf)))
    assert found, "a resolver without a single route was walked"
    return found


def _walk(
    resolver: URLResolver, *, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            name = ":".join([*spaces, one.name]) if one.name else f"/{route}"
            yield name, route
        else:
            space = (one.namespace,) if one.namespace else ()
            yield from _walk(one, prefix=route, spaces=spaces + space)
