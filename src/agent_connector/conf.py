"""Typed settings from `settings.AGENT_CONNECTOR`, read when they are used."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Conf:
    """Every setting, its type and its default."""

    site_url: str = ""
    """Scheme and host of this site, such as `https://example.com`, without a final
    slash. The OAuth issuer. Empty: the request's own host, and only under DEBUG."""

    allowed_origins: tuple[str, ...] = ()
    """Browser origins besides the site's own that may call the MCP endpoint."""

    admin_site: str = "django.contrib.admin.site"
    """Dotted path of the AdminSite whose models and screens are used."""

    access_token_lifetime: timedelta = timedelta(hours=1)
    """How long an access token works after it was issued."""

    refresh_token_lifetime: timedelta = timedelta(days=30)
    """How long a connection survives without being used."""

    connection_lifetime: timedelta = timedelta(days=180)
    """How long a connection lives at the most, however much it is used."""

    authorization_code_lifetime: timedelta = timedelta(seconds=60)
    """How long an authorization code waits to be exchanged; at most 600 s."""

    dynamic_client_registration: bool = True
    """Whether a client unknown so far may register itself (RFC 7591)."""

    max_rows_per_call: int = 100
    """The most records one tool call returns."""

    exposed_models: frozenset[str] = field(default_factory=frozenset)
    """Models, as `app_label.model_name`, that code opts in although they are
    withheld from agents by default (users, groups, permissions)."""


def _read(name: str, value: Any) -> Any:
    """Bring lists to the immutable form that `Conf` holds."""
    if name == "allowed_origins":
        return tuple(value)
    if name == "exposed_models":
        return frozenset(value)
    if name == "site_url":
        return value.rstrip("/")
    return value


@cache
def get_conf() -> Conf:
    """Return the settings in force.

    Raises:
        ImproperlyConfigured: `AGENT_CONNECTOR` has a key that is not a setting.
    """
    given: dict[str, Any] = getattr(settings, "AGENT_CONNECTOR", {})
    known = {item.name.upper() for item in fields(Conf)}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise ImproperlyConfigured(
            f"AGENT_CONNECTOR has no setting {unknown[0]!r}."
            f" Known settings: {', '.join(sorted(known))}."
        )
    return Conf(
        **{name.lower(): _read(name.lower(), value) for name, value in given.items()}
    )


@receiver(setting_changed)
def _forget_conf(*, setting: str, **_: object) -> None:
    if setting == "AGENT_CONNECTOR":
        get_conf.cache_clear()
