"""A host project with two AdminSites, as URLs for tests of the screens."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.urls import include, path

from agent_connector.admin.site import ConnectorSiteMixin, register_screens
from agent_connector.admin.user_tab import MCPInfoTabMixin

HOST_TEMPLATE = "host/change_form.html"
HOST_TEMPLATES = {
    HOST_TEMPLATE: '{% extends "admin/change_form.html" %}'
    "{% block content %}<p>the host's own button</p>{{ block.super }}{% endblock %}"
}


class HostUserAdmin(UserAdmin):
    change_form_template = HOST_TEMPLATE


class TabUserAdmin(MCPInfoTabMixin, HostUserAdmin):
    pass


class StaffSite(ConnectorSiteMixin, AdminSite):
    pass


staff = StaffSite(name="staff")
staff.register(User, HostUserAdmin)
staff.register(Group)

mixed = StaffSite(name="mixed")
mixed.register(User, TabUserAdmin)

without = AdminSite(name="without")
without.register(User, HostUserAdmin)

bare = AdminSite(name="bare")
register_screens(bare)

urlpatterns = [
    path("bare/", bare.urls),
    path("staff/", staff.urls),
    path("mixed/", mixed.urls),
    path("without/", without.urls),
    path("", include("agent_connector.urls")),
]
