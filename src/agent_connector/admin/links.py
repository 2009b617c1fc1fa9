"""Addresses of our screens and of the host's user pages, on one AdminSite."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

PREFIX = "admin:agent_connector_mcpuser"
NEXT = "next"


def screen_url(site_name: str, screen: str, user_pk: Any, *more: object) -> str:
    """Return the address of a screen about one user."""
    args = [quote(user_pk), *map(str, more)]
    return reverse(f"{PREFIX}_{screen}", args=args, current_app=site_name)


def account_url(site_name: str) -> str:
    return reverse(f"{PREFIX}_account", current_app=site_name)


def own_token_url(site_name: str) -> str:
    """Return the address at which one makes a personal access token."""
    return reverse(f"{PREFIX}_personal", current_app=site_name)


def user_page_url(site: AdminSite, request: HttpRequest, user: Any) -> str:
    """Return the host's edit page of this user, empty if the viewer has none."""
    model = get_user_model()
    if not site.is_registered(model):
        return ""
    model_admin = site.get_model_admin(model)
    if not model_admin.has_view_or_change_permission(request, user):
        return ""
    meta = model._meta
    name = f"admin:{meta.app_label}_{meta.model_name}_change"
    try:
        return reverse(name, args=[quote(user.pk)], current_app=site.name)
    except NoReverseMatch:
        return ""


def role_url(site_name: str, group_pk: Any) -> str:
    """Return the address of what a role leaves to agents."""
    return reverse(f"{PREFIX}_role", args=[group_pk], current_app=site_name)


def role_page_url(site: AdminSite, request: HttpRequest, group: Group) -> str:
    """Return the host's edit page of this role, empty if the viewer has none."""
    if not site.is_registered(Group):
        return ""
    if not site.get_model_admin(Group).has_view_or_change_permission(request, group):
        return ""
    return reverse("admin:auth_group_change", args=[group.pk], current_app=site.name)


def next_url(request: HttpRequest, *, default: str) -> str:
    """Return where the request asks to go afterwards, if that is on this site."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else default
