"""Absolute addresses of the admin's pages, which an agent passes on to people."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import quote
from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from agent_connector.conf import get_conf
from agent_connector.policy.site import MCP_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.admin import AdminSite, ModelAdmin

    from agent_connector.policy.caller import Caller

_ANY = 1234567890
"""Stands for the key of a record where its address is composed."""


def admin_site() -> AdminSite:
    """Return the AdminSite that agents work on."""
    site: AdminSite = import_string(get_conf().admin_site)
    return site


def site_of(caller: Caller) -> str:
    """Return scheme and host of this site, as the connection knows it.

    A connection is verified against the resource it is bound to, which is the site
    and `/mcp`: also without a setting, under DEBUG, the address is the right one.
    """
    return caller.connection.resource.removesuffix(MCP_PATH)


def index_path() -> str:
    return _reverse("index")


def list_path(model_admin: ModelAdmin) -> str:
    return _reverse(_name_of(model_admin, "changelist"))


def add_path(model_admin: ModelAdmin) -> str:
    return _reverse(_name_of(model_admin, "add"))


def record_path(model_admin: ModelAdmin, pk: Any) -> str:
    return _reverse(_name_of(model_admin, "change"), quote(pk))


def record_paths(model_admin: ModelAdmin, pks: Iterable[Any]) -> list[str]:
    """Return the pages of several records: the address of one is that of all."""
    before, mark, after = record_path(model_admin, _ANY).rpartition(f"/{_ANY}/")
    return [
        f"{before}/{pk}/{after}"
        if mark and isinstance(pk, int)
        else record_path(model_admin, pk)
        for pk in pks
    ]


def autocomplete_path() -> str:
    return _reverse("autocomplete")


def _name_of(model_admin: ModelAdmin, view: str) -> str:
    meta = model_admin.opts
    return f"{meta.app_label}_{meta.model_name}_{view}"


def _reverse(view: str, *args: str) -> str:
    site, resolver = admin_site().name, get_resolver(get_urlconf())
    # Also the language may be in an address, and the prefix of the server's mount.
    return _reversed(view, args, site, resolver, get_script_prefix(), get_language())


@lru_cache(maxsize=256)
def _reversed(view: str, args: tuple[str, ...], site: str, *_decisive: Any) -> str:
    """Return the address, which is the same for all that `_decisive` is the same for."""
    return reverse(f"admin:{view}", args=args, current_app=site)
