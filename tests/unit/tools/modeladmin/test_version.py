"""The stamp changes with every stored value, and tells none of them."""

from __future__ import annotations

import pytest

from agent_connector.tools.modeladmin.version import version_of
from panel.shop.models import Product, Tag
from tests.panel.shop import make_product

pytestmark = pytest.mark.django_db


def test_the_stamp_stays_while_nothing_changes() -> None:
    pk = make_product().pk

    first, second = Product.objects.get(pk=pk), Product.objects.get(pk=pk)

    assert version_of(first) == version_of(second)


def test_any_stored_value_changes_it() -> None:
    product = make_product()
    before = version_of(Product.objects.get(pk=product.pk))

    Product.objects.filter(pk=product.pk).update(description="x")

    assert version_of(Product.objects.get(pk=product.pk)) != before


def test_a_relation_to_many_changes_it() -> None:
    product = make_product()
    before = version_of(product)

    product.tags.add(Tag.objects.create(name="new"))

    assert version_of(product) != before
