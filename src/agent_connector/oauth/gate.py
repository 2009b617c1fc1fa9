"""Who may come to the authorization server at all: by address, then by the switch."""

from __future__ import annotations

from agent_connector.oauth.errors import AddressRefused, RulesUnreadable, SwitchedOff
from agent_connector.policy.admission import may_come
from agent_connector.policy.rules import Denial
from agent_connector.policy.settings import Rules, SiteSettings, read_settings


def require_open(
    *, rules: Rules, mcp_server_enabled: bool, address: str | None
) -> None:
    """Go on only if the site's rules and its master switch let this sender in.

    Raises:
        AddressRefused: clients may not come from there.
        RulesUnreadable: somebody has broken the stored rules by hand.
        SwitchedOff: an administrator has switched the server off.
    """
    match may_come(address, rules=rules).denial:
        case Denial.RULES_UNREADABLE:
            raise RulesUnreadable
        case Denial():
            raise AddressRefused
    if not mcp_server_enabled:
        raise SwitchedOff


def open_settings(address: str | None, *, is_public: bool = False) -> SiteSettings:
    """Return the settings in force, if they let this sender in.

    `is_public`: the address rules do not count.

    Raises:
        AddressRefused, RulesUnreadable, SwitchedOff: they do not.
    """
    in_force = read_settings()
    require_open(
        rules=() if is_public else in_force.allowed_addresses,
        mcp_server_enabled=in_force.mcp_server_enabled,
        address=address,
    )
    return in_force
