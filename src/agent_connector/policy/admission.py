"""Whether a client may come at all from where it comes: the site's address rules."""

from __future__ import annotations

from agent_connector.policy.networks import holds
from agent_connector.policy.rules import ALLOWED, Denial, Verdict
from agent_connector.policy.settings import Rules


def may_come(address: str | None, *, rules: Rules) -> Verdict:
    """Decide by the address alone, before any token or switch is looked at.

    No rules: everybody may. With rules, who has no address (a unix socket) may not;
    and nobody may while what is stored cannot be read as rules.
    """
    if isinstance(rules, str):
        return Verdict(Denial.RULES_UNREADABLE)
    if not rules or (address is not None and holds(rules, address)):
        return ALLOWED
    return Verdict(Denial.ADDRESS)
