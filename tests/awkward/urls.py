"""The addresses of the awkward admin, beside the panel whose templates it is shown in."""

from __future__ import annotations

from django.urls import include, path

from panel.site import site as panel_site
from tests.awkward.admin import site

urlpatterns = [
    path("awkward/", site.urls),
    path("admin/", panel_site.urls),
    path("", include("agent_connector.urls")),
]
