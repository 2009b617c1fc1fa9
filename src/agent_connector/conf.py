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
_COUNTS = {"calls_per_minute", "refused_calls_to_suspend"}
_LISTS = (tuple, frozenset)
MODEL_LISTS = ("exposed_models", "hidden_models", "read_only_models")
"""The settings that name models."""
Networks = tuple[IPv4Network | IPv6Network, ...]
Proxies = int | Networks
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

    allowed_addresses: Networks = ()
    """From where AI clients may come at all, as addresses or networks in CIDR form;
    empty: from everywhere."""

    calls_per_minute: int = 300
    """How many tool calls one connection may make in a minute; 0: any number."""

    refused_calls_to_suspend: int = 50
    """How many refused calls in a row suspend a connection; 0: none do."""

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

    new_staff_enabled: bool = False
    """Whether MCP access of a staff user who is created from now on starts enabled."""

    tool_call_retention: timedelta = timedelta(days=90)
    """How long tool calls stay on record before pruning removes them."""

    store_arguments: bool = True
    """Whether the record keeps the arguments of calls, redacted; off: none at all."""

    notify_new_connection: bool = True
    """Whether a user is mailed when a client was connected in the user's name."""

    notify_reuse_alarm: bool = True
    """Whether a user is mailed when a token or code of a client was used twice."""

    notify_revoked_by_others: bool = True
    """Whether a user is mailed when somebody else revoked the user's connections."""

    notify_expiring_token: bool = True
    """Whether a user is mailed before a personal access token expires."""

    notify_administrators: bool = False
    """Whether active superusers with an address are mailed all of that, too."""

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
    if name == "allowed_addresses":
        return _read_addresses(value)
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
    networks = _networks_in(value)
    if networks is None:
        raise ImproperlyConfigured(
            "AGENT_CONNECTOR['TRUSTED_PROXIES'] is the number of proxies before this"
            " site, or a list of their networks, as ['10.0.0.0/8', '2001:db8::/32']."
        )
    return networks


def _read_addresses(value: Any) -> Networks:
    networks = _networks_in(value)
    if networks is None:
        raise ImproperlyConfigured(
            "AGENT_CONNECTOR['ALLOWED_ADDRESSES'] is a list of addresses and networks,"
            " as ['192.0.2.7', '2001:db8::/32']."
        )
    return networks


def _networks_in(value: Any) -> Networks | None:
    """Return the networks of a list of texts, or None if it is anything else."""
    if not isinstance(value, (list, tuple, set, frozenset)):
        return None
    try:
        return tuple(ip_network(_text(item)) for item in value)
    except ValueError:
        return None


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
    for name in conf.extra_tools:
        if name not in KNOWN_EXTRA_TOOLS:
            raise ImproperlyConfigured(
                f"AGENT_CONNECTOR['EXTRA_TOOLS'] names {name!r}."
                f" Known tools: {', '.join(KNOWN_EXTRA_TOOLS)}."
            )
    if conf.authorization_code_lifetime > LONGEST_CODE_LIFETIME:
        raise ImproperlyConfigured(
            "AGENT_CONNECTOR['AUTHORIZATION_CODE_LIFETIME'] is more than 600 seconds."
        )
    for item in fields(conf):
        _require_size(item.name, getattr(conf, item.name))


def _require_size(name: str, value: Any) -> None:
    """Refuse a span or a number that is below the least that makes sense."""
    key = f"AGENT_CONNECTOR[{name.upper()!r}]"
    if isinstance(value, timedelta):
        least = timedelta(0) if name in _MAY_BE_ZERO else timedelta.resolution
        if value < least:
            raise ImproperlyConfigured(f"{key} is not > 0.")
    elif name == "max_rows_per_call" and value < 1:
        raise ImproperlyConfigured(f"{key} is not > 0.")
    elif name in _COUNTS and value < 0:
        raise ImproperlyConfigured(f"{key} is below 0.")


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
