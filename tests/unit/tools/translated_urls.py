"""The URLs of a project whose addresses begin with the language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from panel.site import site

urlpatterns = [
    *i18n_patterns(path("admin/", site.urls)),
    path("", include("agent_connector.urls")),
]
