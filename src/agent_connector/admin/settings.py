"""Settings: one page for the one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agent_connector.admin.address_rules import context_of, unseen_lockout
from agent_connector.admin.doctor import doctor
from agent_connector.admin.document_trial import (
    LOCKED_TEXT,
    SUCCESS_TEXT,
    failure_text,
)
from agent_connector.admin.people import require
from agent_connector.admin.settings_change import locked_row, record_changes, switch
from agent_connector.admin.settings_form import SettingsForm
from agent_connector.admin.settings_rows import BY_TEST
from agent_connector.admin.system_page import list_url, render_system_page
from agent_connector.doctor.outbound import KNOWN_DOCUMENT
from agent_connector.models import ConnectorSettings
from agent_connector.notices.backlog import backlog_of_mail
from agent_connector.oauth.document_client import read_document
from agent_connector.oauth.fetch import FetchFailed
from agent_connector.oauth.views.machine import outside_transactions
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_settings
from agent_connector.policy.settings import is_locked, read_settings, settings_with


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
        test = outside_transactions(require_POST(self.test_fetch))
        ask = require_http_methods(["GET", "HEAD", "POST"])(self.doctor)
        name = "agent_connector_connectorsettings"
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(view), name=f"{name}_changelist"),
            path("test-fetch/", wrap(test), name=f"{name}_test_fetch"),
            path("doctor/", wrap(outside_transactions(ask)), name=f"{name}_doctor"),
        ]

    def page(self, request: HttpRequest) -> HttpResponseBase:
        """Show the settings in force; on a good answer store and record it."""
        require(may_change_settings(request.user))
        if request.method == "POST":
            return _change(self.admin_site, request)
        form = SettingsForm(in_force=read_settings())
        return _show(self.admin_site, request, form)

    def doctor(self, request: HttpRequest) -> HttpResponseBase:
        """Show the doctor, which asks the site from outside."""
        return doctor(self.admin_site, request)

    def test_fetch(self, request: HttpRequest) -> HttpResponseBase:
        """Fetch a document that is known to exist; success switches documents on."""
        require(may_change_settings(request.user))
        back = HttpResponseRedirect(list_url(self.admin_site.name, ConnectorSettings))
        if is_locked(BY_TEST):
            messages.info(request, LOCKED_TEXT)
            return back
        now = timezone.now()
        try:
            read_document(KNOWN_DOCUMENT, now=now)
        except FetchFailed as failure:
            messages.error(request, failure_text(failure))
        else:
            switch(BY_TEST, on=True, **_facts(request, now=now))
            messages.success(request, SUCCESS_TEXT)
        return back


def _facts(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    return {
        "actor": request.user,
        "now": now,
        "address": address_of(request.META),
    }


@transaction.atomic
def _change(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    row = locked_row()
    form = SettingsForm(request.POST, in_force=settings_with(row))
    if not form.is_valid() or unseen_lockout(form, request):
        return _show(site, request, form)
    changes = form.changes()
    if changes:
        form.store(row)
        record_changes(changes, **_facts(request, now=timezone.now()))
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
            "known_document": KNOWN_DOCUMENT,
            "mail": backlog_of_mail(now=timezone.now()),
            **context_of(form, request, in_force.allowed_addresses),
        },
    )
