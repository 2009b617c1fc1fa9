"""The settings in force: the stored row, under what the project sets in code.

Read from the write database each time they are needed, never cached: a change counts
from the next request on, in every worker.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import router
from django.db.models import Model, Subquery

from agent_connector.conf import Networks, get_conf, is_set_in_code
from agent_connector.models import ConnectorSettings
from agent_connector.models.settings import THE_ROW
from agent_connector.policy.networks import parse_networks

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Model)

Rules = Networks | str
"""From where clients may come; the stored text itself where that is no list."""

_PREFIX = "in_force_"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """What administrators may set, each as in `Conf`."""

    mcp_server_enabled: bool
    agents_may_change_data: bool
    allowed_addresses: Rules
    calls_per_minute: int
    refused_calls_to_suspend: int
    access_token_lifetime: timedelta
    refresh_token_lifetime: timedelta
    connection_lifetime: timedelta
    authorization_code_lifetime: timedelta
    refresh_grace: timedelta
    dynamic_client_registration: bool
    personal_access_tokens: bool
    personal_access_token_lifetime: timedelta
    client_id_metadata_documents: bool
    new_staff_enabled: bool
    tool_call_retention: timedelta
    store_arguments: bool
    notify_new_connection: bool
    notify_reuse_alarm: bool
    notify_revoked_by_others: bool
    notify_expiring_token: bool
    notify_administrators: bool


NAMES = tuple(item.name for item in fields(SiteSettings))
SWITCHES = (
    *("mcp_server_enabled", "agents_may_change_data", "personal_access_tokens"),
    *("calls_per_minute", "refused_calls_to_suspend", "store_arguments"),
)
"""What a request of a client is judged by, beside its token, and recorded."""


def is_locked(name: str) -> bool:
    """Say whether the project's code sets this one, so that the page cannot."""
    return is_set_in_code(name)


def read_settings() -> SiteSettings:
    """Return the settings in force, at the cost of one statement."""
    rows = ConnectorSettings.objects.using(router.db_for_write(ConnectorSettings))
    return settings_with(rows.filter(pk=THE_ROW).first())


def settings_with(row: ConnectorSettings | None) -> SiteSettings:
    """Return what is in force while `row` is stored; None while none is."""
    stored: Any = row or ConnectorSettings()
    conf = get_conf()
    return SiteSettings(
        **{
            name: (
                getattr(conf, name)
                if is_locked(name)
                else _read(name, getattr(stored, name))
            )
            for name in NAMES
        }
    )


def with_settings(rows: QuerySet[Row], *names: str) -> QuerySet[Row]:
    """Read these settings in the very statement that finds `rows`."""
    stored = ConnectorSettings.objects.filter(pk=THE_ROW)
    together: QuerySet[Row] = rows.annotate(
        **{
            _PREFIX + name: Subquery(stored.values(name))
            for name in names
            if not is_locked(name)
        }
    )
    return together


def setting_on(row: Any, name: str) -> Any:
    """Return a setting in force that was read together with `row`.

    Raises:
        AttributeError: `with_settings` was not told of it.
    """
    conf = get_conf()
    if is_locked(name):
        return getattr(conf, name)
    stored = getattr(row, _PREFIX + name)
    if stored is None:  # no row
        return getattr(conf, name)
    return _read(name, stored)


def _read(name: str, stored: Any) -> Any:
    """Return what a column holds as the setting has it.

    Rules that somebody has broken by hand stay a text: the page shows it, and whoever
    judges by it lets nobody in.
    """
    if name != "allowed_addresses":
        return stored
    try:
        return parse_networks(stored)
    except ValueError:
        return stored
