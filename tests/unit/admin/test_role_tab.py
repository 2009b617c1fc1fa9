"""The tabs are on a role's own page, for whoever may open the other one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.urls import reverse

from agent_connector.admin.role_tab import add_role_tab
from tests.factories import make_admin, make_user
from tests.screens import signed_in

pytestmark = pytest.mark.django_db


def test_the_page_of_a_role_has_the_tab() -> None:
    role = Group.objects.create(name="Editors")
    url = reverse("admin:auth_group_change", args=[role.pk])

    page = signed_in(make_admin()).get(url)

    shown = page.content.decode()
    assert reverse("admin:agent_connector_mcpuser_role", args=[role.pk]) in shown
    assert 'name="name"' in shown  # the host's own form is still there


def test_whoever_may_not_open_it_sees_no_tab() -> None:
    role = Group.objects.create(name="Editors")
    viewer = make_user(permissions=("auth.change_group",))

    page = signed_in(viewer).get(reverse("admin:auth_group_change", args=[role.pk]))

    assert page.status_code == 200
    assert b"aac-tabs" not in page.content


@pytest.mark.parametrize("context", [{}, {"original": "a string"}])
def test_a_page_about_anything_else_is_left_alone(context: dict[str, object]) -> None:
    request = RequestFactory().get("/")
    request.user = make_admin()
    response = TemplateResponse(request, "admin/change_form.html", context)

    add_role_tab(request, response, site_name="admin")

    assert response.template_name == "admin/change_form.html"


def test_an_answer_without_a_template_is_left_alone() -> None:
    response = HttpResponse("plain")

    add_role_tab(RequestFactory().get("/"), response, site_name="admin")

    assert response.content == b"plain"
