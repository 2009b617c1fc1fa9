"""Settings: one page for the one row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agent_connector.admin.people import require
from agent_connector.admin.settings_form import SettingsForm
from agent_connector.admin.system_page import list_url, render_system_page
from agent_connector.audit.record import record_event
from agent_connector.models import ConnectorSettings, Event
from agent_connector.models.settings import THE_ROW
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_settings
from agent_connector.policy.settings import read_settings, settings_with


class ConnectorSettingsAdmin(admin.ModelAdmin):
    """Registered for its place in the menu; nothing of a ModelAdmin's own is used."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_change_settings(request.user).allowed

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return may_change_settings(request.user).allowed

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return may_change_settings(request.user).allowed

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.page)
        name = "agent_connector_connectorsettings_changelist"
        return [path("", self.admin_site.admin_view(view), name=name)]

    def page(self, request: HttpRequest) -> HttpResponseBase:
        """Show the settings in force; on a good answer store and record it."""
        require(may_change_settings(request.user))
        if request.method == "POST":
            return _change(self.admin_site, request)
        form = SettingsForm(in_force=read_settings())
        return _show(self.admin_site, request, form)


@transaction.atomic
def _change(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    ConnectorSettings.objects.bulk_create(
        [ConnectorSettings(pk=THE_ROW)], ignore_conflicts=True
    )
    row = ConnectorSettings.objects.select_for_update().get(pk=THE_ROW)
    form = SettingsForm(request.POST, in_force=settings_with(row))
    if not form.is_valid():
        return _show(site, request, form)
    changes = form.changes()
    if changes:
        form.store(row)
        record_event(
            Event.Kind.SETTINGS_CHANGED,
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]  # staff, so no Anonymous
            address=address_of(request.META),
            detail="; ".join(
                f"{name}: {_text(old)} → {_text(new)}"
                for name, (old, new) in changes.items()
            ),
        )
        text = _("Settings saved. They count from the next request on.")
        messages.success(request, text)
    else:
        messages.info(
            request, _("These are the settings already. Nothing was changed.")
        )
    return HttpResponseRedirect(list_url(site.name, ConnectorSettings))


def _show(
    site: AdminSite, request: HttpRequest, form: SettingsForm
) -> HttpResponseBase:
    in_force = read_settings()
    return render_system_page(
        site,
        request,
        "settings.html",
        model=ConnectorSettings,
        title=_("Settings"),
        context={
            "form": form,
            "server_is_off": not in_force.mcp_server_enabled,
            "is_read_only": not in_force.agents_may_change_data,
        },
    )


def _text(value: Any) -> str:
    """Return a value as the record has it: `on`, `off`, or a span in seconds."""
    if isinstance(value, timedelta):
        return f"{value // timedelta(seconds=1)} s"
    return "on" if value else "off"
