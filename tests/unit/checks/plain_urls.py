"""The URLs of a project with Django's own AdminSite."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("backoffice/", admin.site.urls),
    path("", include("agent_connector.urls")),
]
