"""Public signals, each sent after the change it tells of has been committed."""

from __future__ import annotations

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

access_changed = Signal()
"""Sent after MCP access of users was enabled or disabled.

Arguments:
    user_ids: primary keys of the users whose access changed, a list.
    enabled: the new state.
    actor: the user who did it.
"""

tool_called = Signal()
"""Sent after a tool call was recorded, refused and failed ones too.

Arguments:
    tool_call: the `ToolCall`.
"""
