"""Values are plain JSON: typed, with labels, never too long."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.sealed import name_of
from agent_connector.tools.modeladmin.values import (
    field_value,
    is_clipped,
    plain,
    reader_of,
    shown_value,
    text,
)
from panel.shop.models import Product, Tag
from tests.panel.shop import make_product


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (2**60, str(2**60)),
        (1.5, 1.5),
        (float("nan"), "nan"),
        (Decimal("19.90"), "19.90"),
        (date(2026, 3, 2), "2026-03-02"),
        (time(12, 5), "12:05:00"),
        (timedelta(hours=1, minutes=2), "01:02:00"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (b"abc", "[3 bytes]"),
        ([Decimal(1), {"a": date(2026, 3, 2)}], ["1", {"a": "2026-03-02"}]),
        (Product.Status.DRAFT, "draft"),
    ],
)
def test_each_type_has_its_json(value: Any, shown: Any) -> None:
    assert plain(value, limit=100) == shown


def test_a_moment_has_the_sites_offset() -> None:
    moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert plain(moment, limit=100) == "2026-03-02T13:00:00+01:00"


def test_a_long_list_says_that_there_is_more() -> None:
    shown = plain(list(range(500)), limit=100)

    assert (len(shown), shown[-1]) == (101, "[more]")


def test_markup_made_by_the_site_becomes_words() -> None:
    badge = format_html('<span class="badge">{}</span><br>{}', "5 < 6", "left & right")

    assert text(badge, limit=100) == "5 < 6\nleft & right"


def test_markup_typed_by_a_person_stays_as_it_was_typed() -> None:
    assert text("<b>bold</b> &amp;", limit=100) == "<b>bold</b> &amp;"


def test_a_long_text_is_clipped_with_a_note() -> None:
    clipped = text("x" * 50, limit=10)

    assert clipped == "xxxxxxxxxx… [clipped: 50 characters in all]"
    assert is_clipped(clipped)
    assert not is_clipped("x" * 50)


def test_half_a_character_does_not_break_the_answer() -> None:
    assert text("a\ud800b", limit=10) == "a?b"


@pytest.mark.django_db
def test_choices_and_relations_carry_their_labels() -> None:
    product = make_product()
    product.tags.add(Tag.objects.create(name="new"))
    field: Any = Product._meta.get_field

    assert field_value(field("status"), product, limit=99) == {
        "value": "on_sale",
        "label": "On sale",
    }
    assert field_value(field("category"), product, limit=99) == {
        "id": str(product.category_id),
        "label": str(product.category),
    }
    [tag] = field_value(field("tags"), product, limit=99)
    assert tag["label"] == "new"


@pytest.mark.django_db
def test_a_display_method_is_shown_as_the_admin_shows_it() -> None:
    model_admin = admin_site().get_model_admin(Product)
    product = make_product(price=Decimal("5.00"))

    assert shown_value("shown_price", product, model_admin, limit=99) == "€5.00"
    assert shown_value("no_such_thing", product, model_admin, limit=99) is None


@pytest.mark.django_db
def test_a_boolean_display_method_is_a_boolean() -> None:
    def is_cheap(_product: Product) -> int:
        return 1

    is_cheap.boolean = True  # type: ignore[attr-defined]
    model_admin = admin_site().get_model_admin(Product)

    assert shown_value(is_cheap, make_product(), model_admin, limit=99) is True


def test_a_safe_string_is_never_passed_on_as_one() -> None:
    assert type(text(mark_safe("a"), limit=9)) is str


class Incomparable:
    """As an array is that would rather be compared item by item."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise ValueError(other)

    def __str__(self) -> str:
        return "[1 2]"


def no_choices() -> list[tuple[str, str]]:
    return []


@pytest.mark.parametrize("choices", [None, no_choices])
def test_a_field_without_choices_takes_any_value(choices: Any) -> None:
    field: Any = models.TextField(name="sizes", choices=choices)
    field.set_attributes_from_name("sizes")
    product: Any = Product(name="Kettle")
    product.sizes = Incomparable()

    assert field_value(field, product, limit=99) == "[1 2]"


@admin.display(boolean=True)
def is_cheap(product: Product) -> bool:
    return product.price < 10


def breaks(_product: Product) -> str:
    raise ValueError


COLUMNS = (
    *("name", "status", "category", "category_id", "price", "tags", "created_at"),
    *("shown_price", "pk", "__str__", "category__name", "no_such_thing"),
    *(is_cheap, breaks),
)


@pytest.mark.django_db
@pytest.mark.parametrize("column", COLUMNS, ids=name_of)
@pytest.mark.parametrize("is_whole", [True, False])
def test_a_reader_of_many_reads_what_is_shown_of_one(
    column: Any, *, is_whole: bool
) -> None:
    model_admin = admin_site().get_model_admin(Product)
    product = make_product() if is_whole else Product(name="", price=Decimal(1))

    read = reader_of(column, model_admin, limit=99)

    assert read(product) == shown_value(column, product, model_admin, limit=99)
