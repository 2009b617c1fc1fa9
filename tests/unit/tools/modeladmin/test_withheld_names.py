"""Which names lead to what is hidden: on the page, in its rows, behind relations."""

from __future__ import annotations

import pytest

from agent_connector.tools import AgentAccess
from agent_connector.tools.modeladmin.withheld_names import withheld_in
from panel.shop.models import Order
from tests.callers import make_caller
from tests.narrowing import hide_phone, lines_inline, narrowed_admin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "name", "withheld"),
    [
        ("shop.customer", "phone", True),
        ("shop.customer", "phone__startswith", True),
        ("shop.customer", "city", False),
        ("shop.order", "customer__phone", True),
        ("shop.order", "phone", False),
        ("shop.order", "", False),
        ("no.model", "phone", False),
        ("", "phone", False),
    ],
)
def test_a_name_is_withheld_where_it_leads_to_something_hidden(
    monkeypatch: pytest.MonkeyPatch, model: str, name: str, *, withheld: bool
) -> None:
    hide_phone(monkeypatch)

    assert withheld_in(make_caller(), model)(name) is withheld


def test_rows_that_a_page_has_by_request_count_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inline = lines_inline(AgentAccess(hidden_fields=("quantity",)))
    narrowed_admin(
        monkeypatch,
        Order,
        AgentAccess(),
        inlines=(),
        get_inlines=lambda _self, _request, _obj: [inline],
    )

    assert withheld_in(make_caller(), "shop.order")("quantity")
