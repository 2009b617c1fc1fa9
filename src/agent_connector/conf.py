"""Typed settings from `settings.AGENT_CONNECTOR`, read when they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

_SITE_URL = re.compile(r"https?://[^/?#@\\\s]+")
LONGEST_CODE_LIFETIME = timedelta(seconds=600)
KNOWN_EXTRA_TOOLS = ("installed_packages", "search_docs")
"""What `EXTRA_TOOLS` may name."""
_MAY_BE_ZERO = {"reauth_max_age", "refresh_grace"}
_LISTS = (tuple, frozenset)
MODEL_LISTS = ("exposed_models", "hidden_models", "read_only_models")
"""The settings that name models."""
Proxies = int | tuple[IPv4Network | IPv6Network, ...]
_WORDS: dict[type, str] = {
    str: "one text",
    int: "a whole number",
    bool: "True or False",
    timedelta: "a timedelta, as timedelta(hours=1)",
    tuple: "a list of texts",
    frozenset: "a list of texts",
}


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

    trusted_proxies: Proxies = 0
    """How many proxies stand before this site, each of which adds its peer to
    `X-Forwarded-For`; or the networks of all of them. 0: that header is not read."""

    mcp_server_enabled: bool = True
    """Off answers every MCP and OAuth request with 503; tokens survive."""

    agents_may_change_data: bool = True
    """Off leaves agents only the tools that read."""

    access_token_lifetime: timedelta = timedelta(hours=1)
    """How long an access token works after it was issued."""

    refresh_token_lifetime: timedelta = timedelta(days=30)
    """How long a connection survives without being used."""

    connection_lifetime: timedelta = timedelta(days=180)
    """How long a connection lives at the most, however much it is used."""

    authorization_code_lifetime: timedelta = timedelta(seconds=60)
    """How long an authorization code waits to be exchanged; at most 600 s."""

    refresh_grace: timedelta = timedelta(seconds=30)
    """For how long a refresh token that was just exchanged is answered with the same
    pair again; 0: never, and an answer that was lost is not made good either."""

    dynamic_client_registration: bool = True
    """Whether a client unknown so far may register itself (RFC 7591)."""

    personal_access_tokens: bool = False
    """Whether users may make tokens for clients that cannot sign in. Off also refuses
    those that were made before."""

    personal_access_token_lifetime: timedelta = timedelta(days=90)
    """How long a personal access token works at the most."""
    client_id_metadata_documents: bool = False
    """Whether an https URL may be a client id: the program's description is fetched
    from there. The page switches it on after a test fetch only."""

    max_rows_per_call: int = 100
    """The most records one tool call returns."""

    reauthenticate: str = ""
    """Dotted path of a callable that confirms acts of users without a password here,
    who sign in through another system: given the request, it returns True if its user
    has just signed in there again, or the address of the page where to do so, or
    False. Empty: such users are asked for a password like all others."""

    reauth_max_age: timedelta = timedelta(0)
    """How long a confirmation counts in its session; 0: it is asked for each time."""

    exposed_models: frozenset[str] = field(default_factory=frozenset)
    """Models, as `app_label.model_name`, that code opts in although they are
    withheld from agents by default (users, groups, permissions)."""

    hidden_models: frozenset[str] = field(default_factory=frozenset)
    """Models, as `app_label.model_name`, or whole apps, as `app_label.*`, that agents
    are not told of."""

    read_only_models: frozenset[str] = field(default_factory=frozenset)
    """Models or whole apps, written as above, that agents may only read."""

    extra_tools: tuple[str, ...] = ()
    """Tools in the box that are off unless named here: `installed_packages` and
    `search_docs`."""


def _require_kind(name: str, value: Any) -> None:
    kind = type(getattr(Conf(), name))
    accepted = (list, tuple, set, frozenset) if kind in _LISTS else kind
    # True is an integer to Python, and to nobody else.
    if isinstance(value, accepted) and not (kind is int and isinstance(value, bool)):
        return
    raise ImproperlyConfigured(f"AGENT_CONNECTOR[{name.upper()!r}] is {_WORDS[kind]}.")


def _read(name: str, value: Any) -> Any:
    """Bring a value to the immutable form that `Conf` holds."""
    if name == "trusted_proxies":
        return _read_proxies(value)
    _require_kind(name, value)
    if name in {"allowed_origins", "extra_tools"}:
        return tuple(value)
    if name in MODEL_LISTS:
        return _read_labels(name, value)
    if name == "site_url":
        return value.rstrip("/")
    return value


def _read_labels(name: str, value: Any) -> frozenset[str]:
    if not all(isinstance(label, str) for label in value):
        raise ImproperlyConfigured(f"AGENT_CONNECTOR[{name.upper()!r}] holds texts.")
    return frozenset(label.lower() for label in value)


def _read_proxies(value: Any) -> Proxies:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number and value >= 0:
        return int(value)
    try:
        if isinstance(value, (list, tuple, set, frozenset)):
            return tuple(ip_network(_text(item)) for item in value)
    except ValueError:
        pass
    raise ImproperlyConfigured(
        "AGENT_CONNECTOR['TRUSTED_PROXIES'] is the number of proxies before this"
        " site, or a list of their networks, as ['10.0.0.0/8', '2001:db8::/32']."
    )


def _text(item: Any) -> str:
    """Return a text; `ip_network` would take a number for an address."""
    if not isinstance(item, str):
        raise ValueError(item)  # noqa: TRY004  # the error of a text that is wrong
    return item


def _require_sense(conf: Conf) -> None:
    """Refuse here, before an operator, what would fail before a client later."""
    if conf.site_url and not _SITE_URL.fullmatch(conf.site_url):
        raise ImproperlyConfigured(
            "AGENT_CONNECTOR['SITE_URL'] is scheme and host, as https://example.com."
        )
    if conf.max_rows_per_call < 1:
        raise ImproperlyConfigured("AGENT_CONNECTOR['MAX_ROWS_PER_CALL'] is not > 0.")
    for name in conf.extra_tools:
        if name not in KNOWN_EXTRA_TOOLS:
            raise ImproperlyConfigured(
                f"AGENT_CONNECTOR['EXTRA_TOOLS'] names {name!r}."
                f" Known tools: {', '.join(KNOWN_EXTRA_TOOLS)}."
            )
    spans = {item.name: getattr(conf, item.name) for item in fields(conf)}
    for name, span in spans.items():
        least = timedelta(0) if name in _MAY_BE_ZERO else timedelta.resolution
        if isinstance(span, timedelta) and span < least:
            raise ImproperlyConfigured(f"AGENT_CONNECTOR[{name.upper()!r}] is not > 0.")
    if conf.authorization_code_lifetime > LONGEST_CODE_LIFETIME:
        raise ImproperlyConfigured(
            "AGENT_CONNECTOR['AUTHORIZATION_CODE_LIFETIME'] is more than 600 seconds."
        )


@cache
def get_conf() -> Conf:
    """Return the settings in force.

    Raises:
        ImproperlyConfigured: `AGENT_CONNECTOR` has a key that is not a setting, or
            a value that cannot work.
    """
    given: dict[str, Any] = getattr(settings, "AGENT_CONNECTOR", {})
    known = {item.name.upper() for item in fields(Conf)}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise ImproperlyConfigured(
            f"AGENT_CONNECTOR has no setting {unknown[0]!r}."
            f" Known settings: {', '.join(sorted(known))}."
        )
    conf = Conf(
        **{name.lower(): _read(name.lower(), value) for name, value in given.items()}
    )
    _require_sense(conf)
    return conf


def is_set_in_code(name: str) -> bool:
    """Say whether the project's settings name this one, so that no page changes it."""
    return name.upper() in getattr(settings, "AGENT_CONNECTOR", {})


@receiver(setting_changed)
def _forget_conf(*, setting: str, **_: object) -> None:
    if setting == "AGENT_CONNECTOR":
        get_conf.cache_clear()
