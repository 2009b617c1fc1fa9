"""Public signals, each sent after the change it tells of has been committed."""

from __future__ import annotations

import functools
from typing import Any

from django.db import transaction
from django.dispatch import Signal

connection_opened = Signal()
"""Sent when a client has exchanged its first code, so that its tokens work.

Arguments:
    connection: the `Connection`.
"""

connections_revoked = Signal()
"""Sent after connections and their tokens stopped working.

Arguments:
    connection_ids: primary keys of the revoked connections, a list.
    actor: the user who did it, or None for the machine itself.
    reason: a `Connection.RevokedReason` value.
"""

connection_suspended = Signal()
"""Sent after a connection was suspended because too many calls in a row were refused.

Arguments:
    connection: the `Connection`.
    refused_calls: how many they were.
"""

access_changed = Signal()
"""Sent after MCP access of users was enabled or disabled.

Arguments:
    user_ids: primary keys of the users whose access changed, a list.
    enabled: the new state.
    actor: the user who did it, or None for the machine itself (a new staff user
        started enabled) and for a command that names nobody.
"""

tool_called = Signal()
"""Sent after a tool call was recorded, refused and failed ones too.

Arguments:
    tool_call: the `ToolCall`.
"""


def send_on_commit(signal: Signal, sender: type, **facts: Any) -> None:
    """Send once the change is committed; what a receiver raises harms nobody."""
    transaction.on_commit(functools.partial(signal.send_robust, sender=sender, **facts))
