"""The welcome page: what to try, and only such figures as one may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from panel.shop.models import Order, Product
from panel.welcome import agent_command
from tests.factories import make_admin, make_connection, make_user
from tests.panel.conftest import SignIn
from tests.panel.shop import make_order, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_page(sign_in: SignIn) -> Any:
    def opened(user: User) -> Any:
        return sign_in(user).get(reverse("admin:index"))

    return opened


def figures_of(page: Any) -> dict[str, int]:
    return {str(figure.label): figure.count for figure in page.context["figures"]}


def test_an_administrator_sees_every_figure(open_page: Any) -> None:
    make_order()
    make_product(stock=1)
    user = make_user()
    make_connection(user, now=timezone.now())

    page = open_page(make_admin())

    assert figures_of(page) == {
        "Orders today": 0,
        "To ship": 1,
        "Low on stock": 1,
        "Active connections": 1,
        "Tool calls today": 0,
    }


def test_an_order_of_today_counts(open_page: Any) -> None:
    order = make_order(status=Order.Status.NEW)
    Order.objects.filter(pk=order.pk).update(placed_at=timezone.now())

    assert figures_of(open_page(make_admin()))["Orders today"] == 1


def test_staff_see_no_figure_of_what_they_may_not_view(open_page: Any) -> None:
    make_order()

    page = open_page(make_user(permissions=("shop.view_product",)))

    assert figures_of(page) == {"Low on stock": 0}
    assert "To ship" not in page.text


def test_staff_without_any_permission_see_no_figures(open_page: Any) -> None:
    page = open_page(make_user())

    assert figures_of(page) == {}
    assert "panel-figures" not in page.text


def test_each_figure_leads_to_as_many_rows(open_page: Any, sign_in: SignIn) -> None:
    admin = make_admin()
    order = make_order(status=Order.Status.PAID)
    Order.objects.filter(pk=order.pk).update(placed_at=timezone.now())
    make_product(stock=0)
    make_product(stock=0, status=Product.Status.PAUSED)
    client = sign_in(admin)

    for figure in open_page(admin).context["figures"]:
        if "/shop/" in figure.url:
            rows = client.get(figure.url).context["cl"].result_count
            assert (figure.label, rows) == (figure.label, figure.count)


def test_the_commands_carry_the_address_of_this_site(open_page: Any) -> None:
    page = open_page(make_admin())

    assert "claude mcp add --transport http demo http://127.0.0.1:8000/mcp" in page.text
    for name in ("Gemini CLI", "OpenAI Codex", "Cursor", "VS Code", "make agent"):
        assert name in page.text


def test_another_port_is_told_to_the_scripted_client(settings: Any) -> None:
    settings.PORT = "8001"

    assert agent_command() == "PORT=8001 make agent"


def test_who_is_not_enabled_is_told_whom_to_ask(open_page: Any) -> None:
    page = open_page(make_user(enabled=False))

    assert "Ask an administrator to enable it." in page.text


def test_who_is_enabled_sees_how_many_tokens_are_active(open_page: Any) -> None:
    user = make_user()
    make_connection(user, now=timezone.now() - timedelta(minutes=1))

    page = open_page(user)

    assert page.context["own_connections"] == 1
    assert "Ask an administrator" not in page.text


def test_only_who_may_see_the_grid_is_sent_there(open_page: Any) -> None:
    grid = reverse("admin:agent_connector_mcpuser_changelist")

    assert f'href="{grid}"' in open_page(make_admin()).text
    assert f'href="{grid}"' not in open_page(make_user()).text
