"""Fill the shop: the same rows at every first start, dated relative to now."""

from __future__ import annotations

import random
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.text import slugify

from panel.demo.catalogue import SHELVES, TAGS, Shelf, price_of
from panel.demo.people import FIRST_NAMES, HOMES, LAST_NAMES
from panel.shop.models import Category, Coupon, Customer, Product, Tag

CUSTOMER_COUNT = 300

NOTES = (
    "Prefers delivery in the afternoon.",
    "Leave parcels with the neighbour on the left.",
    "Wholesale prices agreed in spring.",
    "Asks for gift wrapping, always.",
    "Telephone before delivery.",
)


def seed_products(*, dice: random.Random, now: datetime) -> None:
    """Put the catalogue on the shelves, unless there are products already."""
    if Product.objects.exists():
        return
    # Tags and categories may be there still when somebody deleted every product.
    Tag.objects.bulk_create([Tag(name=name) for name in TAGS], ignore_conflicts=True)
    tags = list(Tag.objects.order_by("name"))
    products = []
    for shelf in SHELVES:
        category, _is_new = Category.objects.get_or_create(
            slug=slugify(shelf.name),
            defaults={"name": shelf.name, "description": shelf.description},
        )
        products += _products_of(shelf, category=category, dice=dice, now=now)
    Product.objects.bulk_create(products)
    links = [
        Product.tags.through(product_id=product.pk, tag_id=tag.pk)
        for product in products
        for tag in dice.sample(tags, dice.choice([0, 1, 1, 2, 3]))
    ]
    Product.tags.through.objects.bulk_create(links)


def _products_of(
    shelf: Shelf, *, category: Category, dice: random.Random, now: datetime
) -> list[Product]:
    names = [
        (thing, number, variant, euros)
        for thing, euros in shelf.things.items()
        for number, variant in enumerate(shelf.variants)
    ]
    return [
        _make_product(
            name=f"{thing}, {variant}",
            sku=f"{shelf.code}-{position:04}",
            category=category,
            price=price_of(euros, variant=number),
            dice=dice,
            now=now,
        )
        for position, (thing, number, variant, euros) in enumerate(names, start=1)
    ]


def _make_product(
    *,
    name: str,
    sku: str,
    category: Category,
    price: Decimal,
    dice: random.Random,
    now: datetime,
) -> Product:
    status = dice.choices(
        [
            Product.Status.ON_SALE,
            Product.Status.DRAFT,
            Product.Status.PAUSED,
            Product.Status.DISCONTINUED,
        ],
        [84, 7, 4, 5],
    )[0]
    morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
    days = (
        dice.randint(3, 45) if status == Product.Status.DRAFT else -dice.randint(5, 700)
    )
    return Product(
        name=name,
        sku=sku,
        category=category,
        status=status,
        price=price,
        stock=_draw_stock(status, dice=dice),
        reorder_level=dice.choice([3, 5, 5, 8, 10]),
        available_from=None
        if status != Product.Status.DRAFT and dice.random() < 0.3
        else morning + timedelta(days=days),
        description=f"{name.split(',', maxsplit=1)[0]}. {category.description}",
    )


def _draw_stock(status: str, *, dice: random.Random) -> int:
    """Return a number of pieces: mostly plenty, sometimes few, now and then none."""
    if status == Product.Status.DRAFT:
        return 0
    few = dice.random()
    if few < 0.04:
        return 0
    if few < 0.11:
        return dice.randint(1, 5)
    return dice.randint(11, 140)


def seed_customers(*, dice: random.Random, now: datetime) -> None:
    """Make up customers with believable addresses, unless there are some already."""
    if Customer.objects.exists():
        return
    customers: list[Customer] = []
    seen: set[str] = set()
    while len(customers) < CUSTOMER_COUNT:
        first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
        email = f"{plain_ascii(first)}.{plain_ascii(last)}@example.com"
        if email not in seen:
            seen.add(email)
            customers.append(
                _make_customer(first=first, last=last, email=email, dice=dice, now=now)
            )
    Customer.objects.bulk_create(customers)


def _make_customer(
    *, first: str, last: str, email: str, dice: random.Random, now: datetime
) -> Customer:
    home = dice.choice(HOMES)
    street, house = dice.choice(home.streets), dice.randint(1, 180)
    is_english = home.country in {"GB", "IE", "FR"}
    return Customer(
        first_name=first,
        last_name=last,
        email=email,
        phone=f"{home.dial} {dice.randint(2_000_000, 8_999_999)}",
        address=f"{house} {street}" if is_english else f"{street} {house}",
        postcode=home.postcode,
        city=home.city,
        country=home.country,
        newsletter=dice.random() < 0.4,
        notes=dice.choice(NOTES) if dice.random() < 0.12 else "",
        joined_at=now
        - timedelta(days=dice.randint(90, 1400), minutes=dice.randint(0, 1440)),
    )


def plain_ascii(name: str) -> str:
    """Return `name` as it stands in an e-mail address: `Zoë O'Brien` as `zoe`."""
    folded = name.lower().replace("ø", "o").replace("æ", "ae").replace("ß", "ss")
    letters = unicodedata.normalize(
        "NFKD", folded.replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")
    )
    return "".join(
        letter for letter in letters if letter.isascii() and letter.isalpha()
    )


def seed_coupons(*, now: datetime) -> None:
    """Make a few coupons that run, are over or are still to come."""
    if Coupon.objects.exists():
        return
    begin = now.replace(hour=0, minute=0, second=0, microsecond=0)
    drafts: list[tuple[str, str, int | None, int | None, int, int, int | None]] = [
        ("WELCOME10", "First order", 10, None, 0, -400, None),
        ("FREIGHTFREE", "Delivery on us", None, 5, 40, -120, None),
        ("AUTUMN15", "Autumn sale", 15, None, 50, -75, -20),
        ("CANDLE5", "Five euros off with candles", None, 5, 25, -30, 30),
        ("TEATIME", "Tea and everything around it", 12, None, 30, -9, 12),
        ("STAFF30", "For the people who work here", 30, None, 0, -500, None),
        ("WINTER20", "Winter sale", 20, None, 80, 14, 45),
        ("GARDEN25", "Next spring in the garden", 25, None, 60, 100, 140),
        ("FRIENDS15", "Bring a friend", 15, None, 35, -60, -2),
        ("BIRTHDAY", "Ten euros in the month of birth", None, 10, 50, -300, 65),
        ("PRESS50", "For reviews", 50, None, 0, -200, -100),
        ("CLEARANCE", "Last pieces", 40, None, 0, -3, 4),
    ]
    Coupon.objects.bulk_create(
        Coupon(
            code=code,
            description=description,
            percent=percent,
            amount=None if amount is None else Decimal(amount),
            min_total=Decimal(least),
            valid_from=begin + timedelta(days=first),
            valid_until=None if last is None else begin + timedelta(days=last),
            active=code != "PRESS50",
        )
        for code, description, percent, amount, least, first, last in drafts
    )
