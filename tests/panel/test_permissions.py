"""All Users and User Roles: Django's screens in the panel's words."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tests.factories import make_admin, make_user
from tests.panel.conftest import SignIn
from tests.panel.shop import make_product

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["auth_user", "auth_group", "shop_product"])
def test_lists_ask_for_an_action_in_the_same_words(sign_in: SignIn, name: str) -> None:
    make_product()
    Group.objects.create(name="Packers")

    page = sign_in(make_admin()).get(reverse(f"admin:{name}_changelist")).text

    assert "---------" not in page
    assert '<option value="" selected>Choose an action</option>' in page
    assert ">Submit</button>" in page
    assert 'placeholder="Name' in page


def test_users_without_a_group_are_found_by_a_word(sign_in: SignIn) -> None:
    Group.objects.create(name="Packers")

    page = sign_in(make_admin()).get(reverse("admin:auth_user_changelist")).text

    assert re.search(r'<a href="\?groups__isnull=True">\s*None\s*</a>', page)


def test_the_pickers_of_a_user_need_no_keys_and_no_link(sign_in: SignIn) -> None:
    user = make_user("jane")

    page = (
        sign_in(make_admin())
        .get(reverse("admin:auth_user_change", args=[user.pk]))
        .text
    )

    assert "Hold down" not in page
    assert "add_id_groups" not in page
    assert "Specific permissions for this user." in page


@pytest.mark.parametrize(
    ("app", "first"),
    [
        ("agent_connector", "agent_connector_mcpuser"),
        ("auth", "auth_user"),
        ("shop", "shop_product"),
    ],
)
def test_an_app_leads_to_the_first_of_its_screens(
    sign_in: SignIn, app: str, first: str
) -> None:
    page = sign_in(make_admin()).get(reverse("admin:app_list", args=[app]))

    assert page.headers["Location"] == reverse(f"admin:{first}_changelist")


def test_who_sees_no_screen_of_an_app_is_told_that_there_is_none(
    sign_in: SignIn,
) -> None:
    page = sign_in(make_user("nora")).get(reverse("admin:app_list", args=["shop"]))

    assert page.status_code == 404
