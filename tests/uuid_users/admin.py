"""The host's own AdminSite, and its own page of a user."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group

from tests.uuid_users.models import Person


class StaffSite(admin.AdminSite):
    site_header = "Staff"


site = StaffSite(name="staff")


@admin.register(Person, site=site)
class PersonAdmin(admin.ModelAdmin):
    fields = ("email", "full_name", "is_staff")
    change_form_template = "uuid_users/person.html"


site.register(Group)
