"""Fill the tables of a model set with a few rows of every sort."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from panel.shop.models import Coupon, Order, Product, Tag
from tests.awkward.models import Note, Painting
from tests.awkward.models import Tag as AwkwardTag
from tests.awkward.things import make_maker, make_place, make_thing
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product


def fill_shop(rng: Random) -> None:
    """Make drafts, which some may not see, orders with and without lines, coupons."""
    tags = [Tag.objects.create(name=name) for name in ("new", "sale", "gift")]
    shelves = [make_category() for _number in range(3)]
    for number in range(9):
        product = make_product(
            f"Product {number}",
            category=rng.choice(shelves),
            status=rng.choice(Product.Status.values),
            stock=rng.choice((0, 3, 40)),
            available_from=rng.choice((None, timezone.now())),
        )
        product.tags.set(rng.sample(tags, rng.randint(0, 2)))
    for status in Order.Status.values:
        make_order(status=status)
        make_order(status=status, lines=((1, "2.50"), (3, "10.00")))
    for number in range(4):
        Coupon.objects.create(
            code=f"CODE{number}",
            percent=10 if number % 2 else None,
            amount=None if number % 2 else Decimal("5.00"),
            min_total=Decimal(20),
            valid_from=timezone.now() - timedelta(days=10 * number),
            valid_until=rng.choice((None, timezone.now() + timedelta(days=3))),
        )


def fill_awkward(rng: Random) -> None:
    """Make things with rows of their own, sealed places, makers who retired."""
    makers = [make_maker(), make_maker(), make_maker(is_retired=True)]
    codes = ("a/b", "c_d", "with space", "ö?&#", "50%", "q_5Fx")
    places = [make_place(code, is_sealed=rng.random() < 0.3) for code in codes]
    tags = [AwkwardTag.objects.create(name=name) for name in ("red", "old", "odd")]
    for number in range(8):
        thing = make_thing(
            maker=rng.choice(makers),
            place=rng.choice([*places, None]),
            is_shown=rng.random() < 0.7,
            details=rng.choice(({}, {"k": [1, 2]}, [], "text")),
            is_whole=rng.choice((None, True, False)),
            seen_at=rng.choice((None, timezone.now())),
            parts=("lid", "handle")[: rng.randint(0, 2)],
        )
        thing.tags.set(rng.sample(tags, rng.randint(0, 2)))
        for _ in range(rng.randint(0, 2)):
            Note.objects.create(about=thing, text=f"Note {number}")
    for number in range(3):
        Painting.objects.create(
            name=f"Painting {number}", maker=makers[0], technique="oil"
        )


def fill_auth(rng: Random) -> None:
    """Make groups with permissions, and people who are in them or not."""
    permissions = list(Permission.objects.order_by("pk")[:12])
    groups = [Group.objects.create(name=name) for name in ("Editors", "Viewers")]
    for group in groups:
        group.permissions.set(rng.sample(permissions, 3))
    for number in range(5):
        user: User = make_user(
            f"person{number}",
            enabled=False,  # MCP access is withheld, and would go along
            is_staff=rng.random() < 0.5,
            is_superuser=rng.random() < 0.2,
            is_active=rng.random() < 0.8,
            first_name=rng.choice(("Jane", "")),
        )
        user.groups.set(rng.sample(groups, rng.randint(0, 2)))
