"""The routes of the public contract; include this at the root of the site.

Clients look for the two well-known documents at the root, whatever the path of the
MCP endpoint, and no other spelling of these addresses exists.
"""

from __future__ import annotations

from django.urls import path

from agent_connector.mcp.endpoint import endpoint
from agent_connector.oauth.views.authorize import authorize
from agent_connector.oauth.views.metadata import (
    authorization_server,
    protected_resource,
)
from agent_connector.oauth.views.register import register
from agent_connector.oauth.views.revoke import revoke
from agent_connector.oauth.views.token import token

app_name = "agent_connector"

urlpatterns = [
    path("mcp", endpoint, name="mcp"),
    # Answered, not redirected: a redirect would lose the body of a POST.
    path("mcp/", endpoint, name="mcp-slash"),
    path("mcp/oauth/authorize", authorize, name="oauth-authorize"),
    path("mcp/oauth/token", token, name="oauth-token"),
    path("mcp/oauth/register", register, name="oauth-register"),
    path("mcp/oauth/revoke", revoke, name="oauth-revoke"),
    path(
        ".well-known/oauth-authorization-server",
        authorization_server,
        name="oauth-authorization-server",
    ),
    path(
        ".well-known/oauth-protected-resource",
        protected_resource,
        name="oauth-protected-resource",
    ),
    path(
        ".well-known/oauth-protected-resource/mcp",
        protected_resource,
        name="oauth-protected-resource-mcp",
    ),
]
