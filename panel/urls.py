"""The panel's addresses: the admin, and everything AI clients talk to."""

from __future__ import annotations

from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView

from panel.site import site

urlpatterns = [
    path("", RedirectView.as_view(url=reverse_lazy("admin:index"))),
    path("admin/", site.urls),
    path("", include("agent_connector.urls")),
]
