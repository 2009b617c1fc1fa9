"""An AdminSite on which nobody edits users."""

from __future__ import annotations

from django.contrib.admin import AdminSite

site = AdminSite(name="empty")
