"""Groups are roles on every page of the panel, and no migration comes of it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from panel.demo.accounts import seed_roles
from tests.factories import make_admin
from tests.panel.conftest import SignIn
from tests.screens import text_of

pytestmark = pytest.mark.django_db

PAGES = ("group_changelist", "group_add", "user_changelist")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_calls_them_groups(sign_in: SignIn, page: str) -> None:
    seed_roles()

    shown = text_of(sign_in(make_admin()).get(reverse(f"admin:auth_{page}")))

    assert "group" not in shown.lower()
    assert "role" in shown


def test_a_user_has_roles(sign_in: SignIn) -> None:
    admin = make_admin()

    page = sign_in(admin).get(reverse("admin:auth_user_change", args=[admin.pk])).text

    assert 'data-field-name="roles"' in page
    assert "Roles:" in page
    assert "all permissions of each of their roles" in page


def test_a_role_is_deleted_as_one(sign_in: SignIn) -> None:
    role = Group.objects.create(name="Packers")

    page = sign_in(make_admin()).get(reverse("admin:auth_group_delete", args=[role.pk]))

    assert "Roles 1 This cannot be undone." in text_of(page)


def test_they_are_roles_in_german(sign_in: SignIn) -> None:
    browser = sign_in(make_admin())

    page = browser.get(
        reverse("admin:auth_group_add"), headers={"accept-language": "de"}
    )

    assert "Rolle hinzufügen" in page.text


def test_no_migration_comes_of_it() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
