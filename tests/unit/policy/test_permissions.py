"""A tool that asks for permissions is for those who hold all of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from agent_connector.policy.permissions import may_run
from agent_connector.policy.rules import ALLOWED, Denial, Verdict
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db

MISSING = Verdict(Denial.PERMISSION_MISSING)


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ((), MISSING),
        (("shop.view_product",), MISSING),
        (("shop.view_product", "shop.change_product"), ALLOWED),
    ],
)
def test_every_permission_has_to_be_held(
    held: tuple[str, ...], verdict: Verdict
) -> None:
    user = make_user(permissions=held)

    asked = ["shop.view_product", "shop.change_product"]

    assert may_run(user, permissions=asked) == verdict


def test_superusers_hold_all_and_what_is_for_superusers_is_for_nobody_else() -> None:
    def judge(user: User) -> Verdict:
        return may_run(user, permissions=(), superusers_only=True)

    assert may_run(make_admin(), permissions=["shop.view_product"]) == ALLOWED
    assert judge(make_admin("other")) == ALLOWED
    assert judge(make_user()) == MISSING


def test_what_asks_for_nothing_costs_no_statement(
    django_assert_num_queries: Any,
) -> None:
    user = make_user()

    with django_assert_num_queries(0):
        assert may_run(user, permissions=()) == ALLOWED
