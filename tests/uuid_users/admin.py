"""The host's own admin of its users."""

from __future__ import annotations

from django.contrib import admin

from tests.uuid_users.models import Person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    fields = ("email", "full_name", "is_staff")
