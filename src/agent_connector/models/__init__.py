"""Tables and their querysets: the public door to the stored data."""

from __future__ import annotations

from agent_connector.models.access import MCPAccess
from agent_connector.models.authorization_code import AuthorizationCode
from agent_connector.models.changed_record import ChangedRecord
from agent_connector.models.client import Client
from agent_connector.models.connection import Connection
from agent_connector.models.event import Event
from agent_connector.models.level import Level
from agent_connector.models.mailbox import Mailbox
from agent_connector.models.mcp_user import MCPUser
from agent_connector.models.notice import Notice
from agent_connector.models.role_policy import RolePolicy
from agent_connector.models.settings import ConnectorSettings
from agent_connector.models.throttle import Throttle
from agent_connector.models.token import Token
from agent_connector.models.tool_call import ToolCall

__all__ = [
    "AuthorizationCode",
    "ChangedRecord",
    "Client",
    "Connection",
    "ConnectorSettings",
    "Event",
    "Level",
    "MCPAccess",
    "MCPUser",
    "Mailbox",
    "Notice",
    "RolePolicy",
    "Throttle",
    "Token",
    "ToolCall",
]
