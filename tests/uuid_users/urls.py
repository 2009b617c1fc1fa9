"""The addresses of the host project."""

from __future__ import annotations

from django.urls import include, path

from tests.uuid_users.admin import site

urlpatterns = [
    path("staff-admin/", site.urls),
    path("", include("agent_connector.urls")),
]
