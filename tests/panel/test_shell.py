"""The frame of every page: menu, words, breadcrumbs, headers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from panel.csp import HEADER, POLICY, ContentSecurityPolicyMiddleware
from panel.menu import MenuGroup, build_menu
from panel.site import site
from panel.template_tags import initials
from tests.factories import make_admin, make_user
from tests.panel.conftest import SignIn
from tests.panel.shop import make_product

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).parents[2] / "panel" / "templates"
PRODUCTS = reverse("admin:shop_product_changelist")


def as_words(menu: list[MenuGroup]) -> dict[str, list[str] | dict[str, list[str]]]:
    return {
        group.label: {
            section.label: [item.label for item in section.items]
            for section in group.sections
        }
        or [item.label for item in group.items]
        for group in menu
    }


def test_the_menu_has_three_levels_in_the_promised_words(sign_in: SignIn) -> None:
    page = sign_in(make_admin()).get(PRODUCTS)

    words = as_words(page.context["menu"])
    assert words["Shop"] == [
        "Products",
        "Orders",
        "Customers",
        "Categories",
        "Coupons",
    ]
    system = words["System"]
    assert isinstance(system, dict)
    assert system["AI Agent Connector"][0] == "MCP Users"
    assert system["Permissions"] == ["All Users", "User Roles"]


def test_the_menu_is_nested_in_the_page_and_marks_where_one_is(
    sign_in: SignIn,
) -> None:
    page = sign_in(make_admin()).get(PRODUCTS).text

    assert re.search(
        r"<details[^>]*>\s*<summary>System</summary>.*?"
        r"<details[^>]*>\s*<summary>Permissions</summary>.*?All Users",
        page,
        re.DOTALL,
    )
    assert f'<a href="{PRODUCTS}" aria-current="page">' in page


def test_a_page_below_a_list_marks_the_list(sign_in: SignIn) -> None:
    url = reverse("admin:shop_product_change", args=[make_product().pk])

    page = sign_in(make_admin()).get(url).text

    assert f'<a href="{PRODUCTS}" aria-current="true">' in page


@pytest.mark.parametrize(
    ("screen", "current"),
    [("info", "All Users"), ("tokens", "MCP Users")],
)
def test_screens_about_a_user_mark_where_they_are_reached_from(
    sign_in: SignIn, screen: str, current: str
) -> None:
    admin = make_admin()
    url = reverse(f"admin:agent_connector_mcpuser_{screen}", args=[admin.pk])

    menu = sign_in(admin).get(url).context["menu"]

    marked = [
        item.label
        for group in menu
        for section in group.sections
        for item in section.items
        if item.is_current
    ]
    assert marked == [current]


@pytest.mark.parametrize("screen", ["account", "personal"])
def test_account_setting_marks_nothing_in_the_menu(
    sign_in: SignIn, screen: str
) -> None:
    url = reverse(f"admin:agent_connector_mcpuser_{screen}")

    page = sign_in(make_admin()).get(url).text

    assert "panel-menu" in page
    assert "<a " in page
    assert not re.search(r'panel-menu-items">.*?<a [^>]*aria-current', page, re.DOTALL)


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_the_pages_of_the_password_have_the_frame_of_all_others(
    sign_in: SignIn, name: str
) -> None:
    page = sign_in(make_admin()).get(reverse(f"admin:{name}")).text

    assert "Sign out" in page
    assert "Log out" not in page
    account = reverse("admin:agent_connector_mcpuser_account")
    assert f'<li><a href="{account}">Account Setting</a></li>' in page


def test_staff_see_only_what_they_may_view(sign_in: SignIn) -> None:
    user = make_user(permissions=("shop.view_order",))

    page = sign_in(user).get(reverse("admin:index"))

    assert as_words(page.context["menu"]) == {"Shop": ["Orders"]}


def test_an_app_without_a_place_becomes_a_group_of_its_own() -> None:
    apps: list[dict[str, Any]] = [
        {
            "app_label": "blog",
            "name": "Blog",
            "models": [
                {"object_name": "Post", "name": "Posts", "admin_url": "/admin/blog/"},
                {"object_name": "Hidden", "name": "Hidden", "admin_url": None},
            ],
        },
        {"app_label": "empty", "name": "Empty", "models": []},
    ]

    menu = build_menu(apps, path="/admin/blog/1/")

    assert as_words(menu) == {"Blog": ["Posts"]}
    assert menu[0].items[0].is_current
    assert not menu[0].items[0].is_here


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("shop_product", "Products"),
        ("shop_category", "Categories"),
        ("auth_user", "All Users"),
        ("auth_group", "User Roles"),
        ("agent_connector_mcpuser", "MCP Users"),
    ],
)
def test_a_list_is_titled_with_the_word_of_the_menu(
    sign_in: SignIn, name: str, title: str
) -> None:
    page = sign_in(make_admin()).get(reverse(f"admin:{name}_changelist")).text

    assert f"<h1>{title}</h1>" in page
    assert f"<title>{title} |" in page


def crumbs_of(page: str) -> list[str]:
    trail = re.search(r'<ol class="panel-crumbs">(.*?)</ol>', page, re.DOTALL)
    assert trail is not None
    steps = re.findall(r"<li[^>]*>(.*?)</li>", trail[1], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", step).strip() for step in steps]


def test_breadcrumbs_use_the_words_of_the_menu(sign_in: SignIn) -> None:
    admin = make_admin()
    client = sign_in(admin)
    role = Group.objects.create(name="Packers")

    listed = client.get(reverse("admin:auth_user_changelist"))
    opened = client.get(reverse("admin:auth_group_change", args=[role.pk]))
    history = client.get(reverse("admin:auth_user_history", args=[admin.pk]))
    adding = client.get(reverse("admin:shop_product_add"))

    start = ["Home", "System", "Permissions"]
    assert crumbs_of(listed.text) == [*start, "All Users"]
    assert crumbs_of(opened.text) == [*start, "User Roles", "Packers"]
    assert crumbs_of(history.text)[3:] == ["All Users", "root", "Change history: root"]
    assert crumbs_of(adding.text) == ["Home", "Shop", "Products", "Add product"]


def test_the_object_is_the_title_of_its_page(sign_in: SignIn) -> None:
    product = make_product("Enamel Kettle")

    page = sign_in(make_admin()).get(
        reverse("admin:shop_product_change", args=[product.pk])
    )

    assert "<h1>Enamel Kettle</h1>" in page.text


def test_the_name_at_the_top_leads_to_account_setting(sign_in: SignIn) -> None:
    page = sign_in(make_user("nora")).get(reverse("admin:index")).text

    link = re.search(r'<a class="panel-user" href="([^"]+)"', page)
    assert link is not None
    assert link[1] == "/admin/agent_connector/mcpuser/account/"
    assert '<span class="panel-user-name">nora</span>' in page


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lindqvist", "AL"), ("nora", "N"), ("Noor de Wit", "NW"), ("", "")],
)
def test_the_avatar_shows_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_sign_in_page_names_the_demo_accounts() -> None:
    page = Client().get(reverse("admin:login")).text

    assert "<b>newcomer</b>" in page
    assert "panel-menu" not in page


def test_signing_in_and_out_is_called_so_and_labels_bear_no_colon() -> None:
    browser = Client()
    browser.force_login(make_admin())

    inside = browser.get(PRODUCTS).text
    signed_out = browser.post(reverse("admin:logout")).text
    sign_in_page = browser.get(reverse("admin:login")).text

    assert "Sign out" in inside
    assert "Signed out" in signed_out
    assert "panel-menu" not in signed_out
    assert 'type="submit" value="Sign in"' in sign_in_page
    assert ">Password</label>" in sign_in_page
    assert "Log " not in re.sub(r"<[^>]+>", "", inside + signed_out + sign_in_page)


def test_a_wrong_password_is_said_above_the_form_that_keeps_the_rest() -> None:
    wrong = {"username": "ada", "password": "wrong", "next": PRODUCTS}

    page = Client().post(reverse("admin:login"), wrong).text

    assert "<title>Error: Sign in |" in page
    assert re.search(r'errornote" role="alert">Please enter the correct', page)
    assert f'name="next" value="{PRODUCTS}"' in page


def test_whoever_is_no_staff_may_sign_in_as_somebody_else() -> None:
    browser = Client()
    browser.force_login(make_user("jane", is_staff=False))

    page = browser.get(reverse("admin:login")).text

    assert "You are signed in as jane, who may not open this page." in page


def test_the_consent_page_shows_the_panels_logo_as_the_sites_mark() -> None:
    assert "panel/mark.svg" in render_to_string("agent_connector/oauth/site_mark.html")


def test_the_front_door_leads_to_the_admin() -> None:
    response = Client().get("/")

    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


def test_every_page_forbids_inline_script_and_style(sign_in: SignIn) -> None:
    policy = sign_in(make_admin()).get(PRODUCTS).headers[HEADER]

    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert Client().get(reverse("admin:login")).headers[HEADER] == policy


def test_a_page_with_a_policy_of_its_own_keeps_it() -> None:
    own = HttpResponse(headers={HEADER: "default-src 'none'"})
    middleware = ContentSecurityPolicyMiddleware(lambda _request: own)

    response = middleware(RequestFactory().get("/"))

    assert response.headers[HEADER] == "default-src 'none'"
    assert "default-src 'self'" in POLICY


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name
)
def test_no_template_has_inline_script_style_or_handlers(template: Path) -> None:
    text = template.read_text("utf-8")

    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\s(style|on[a-z]+)=", text)


def test_the_site_is_the_default_one() -> None:
    assert site.site_header == "Harbour & Pine"
    assert site.name == "admin"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_stands_on_its_own(name: str) -> None:
    page = render_to_string(f"{name}.html")

    assert "Harbour &amp; Pine" in page
    assert 'href="/admin/"' in page


def test_a_wrong_address_gets_a_page_that_says_so() -> None:
    response = Client().get("/no-such-page/")

    assert response.status_code == 404
    assert "There is nothing at this address" in response.text
