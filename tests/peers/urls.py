"""The yardstick's addresses: the same as ours, so that one script fits both."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django_mcpz.oauth.auth import oauth_auth
from django_mcpz.server import MCPServer

server = MCPServer(name="yardstick", version="1", auth=oauth_auth)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("mcp", server),
    path("mcp/oauth/", include("django_mcpz.oauth.urls")),
    path("", include("django_mcpz.oauth.wellknown")),
]
