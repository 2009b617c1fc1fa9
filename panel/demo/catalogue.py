"""The shelves of the sample shop: what is on them, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One category with its products, each as `name: price in euros`.

    A price of the first variant; each further one costs a fifth more.
    """

    name: str
    code: str
    description: str
    variants: tuple[str, ...]
    things: dict[str, int]


SHELVES = (
    Shelf(
        name="Coffee & Tea",
        code="COF",
        description="Beans, leaves, and what makes a good cup of them.",
        variants=("250 g", "1 kg"),
        things={
            "Harbour Espresso": 9,
            "Lighthouse Filter Roast": 10,
            "Decaf Sidamo": 11,
            "Breakfast Blend": 8,
            "Earl Grey, loose": 12,
            "Sencha Asamushi": 16,
            "Rooibos Vanilla": 9,
            "Mountain Herb Tea": 8,
        },
    ),
    Shelf(
        name="Brewing",
        code="BRW",
        description="Kettles, grinders and drippers.",
        variants=("small", "large"),
        things={
            "Enamel Kettle": 42,
            "Pour-over Dripper": 24,
            "Hand Grinder": 89,
            "French Press": 34,
            "Glass Teapot": 38,
            "Moka Pot": 29,
            "Cold Brew Bottle": 27,
            "Milk Jug": 19,
        },
    ),
    Shelf(
        name="Tableware",
        code="TAB",
        description="Plates, bowls and cups from small potteries.",
        variants=("sand", "slate"),
        things={
            "Stoneware Plate": 22,
            "Soup Bowl": 18,
            "Espresso Cup, set of 2": 26,
            "Mug with Thumb Rest": 19,
            "Serving Platter": 48,
            "Salt Cellar": 15,
            "Pitcher": 36,
            "Egg Cup, set of 4": 24,
            "Pasta Bowl": 25,
        },
    ),
    Shelf(
        name="Kitchen",
        code="KIT",
        description="Tools that stay on the worktop.",
        variants=("beech", "walnut"),
        things={
            "Chopping Board": 39,
            "Bread Knife": 58,
            "Rolling Pin": 21,
            "Spatula": 12,
            "Pestle and Mortar": 44,
            "Utensil Holder": 28,
            "Pepper Mill": 46,
            "Salad Servers": 26,
            "Butter Dish": 32,
        },
    ),
    Shelf(
        name="Textiles",
        code="TEX",
        description="Linen and wool, washed soft.",
        variants=("natural", "indigo"),
        things={
            "Linen Tea Towel": 14,
            "Apron": 45,
            "Wool Throw": 119,
            "Cushion Cover": 34,
            "Table Runner": 42,
            "Napkin, set of 4": 38,
            "Waffle Bath Towel": 36,
            "Oven Mitt": 18,
        },
    ),
    Shelf(
        name="Lighting",
        code="LIG",
        description="Lamps for reading, eating and finding the keys.",
        variants=("brass", "black"),
        things={
            "Clamp Lamp": 79,
            "Pendant Lamp": 129,
            "Bedside Lamp": 69,
            "Storm Lantern": 45,
            "Reading Lamp": 99,
            "Wall Sconce": 84,
            "String Lights": 29,
            "LED Candle": 14,
        },
    ),
    Shelf(
        name="Stationery",
        code="STA",
        description="Paper worth writing on.",
        variants=("lined", "plain"),
        things={
            "Notebook A5": 14,
            "Pocket Notebook, set of 3": 12,
            "Desk Pad": 18,
            "Weekly Planner": 16,
            "Letter Set": 15,
            "Index Cards": 9,
            "Sketchbook": 21,
            "Guest Book": 28,
        },
    ),
    Shelf(
        name="Desk",
        code="DSK",
        description="Order on the desk, or close to it.",
        variants=("oak", "ash"),
        things={
            "Pen Tray": 24,
            "Monitor Stand": 89,
            "Book End, pair": 36,
            "Paper Tray": 42,
            "Desk Organiser": 54,
            "Ruler": 11,
            "Card Holder": 16,
            "Clipboard": 18,
        },
    ),
    Shelf(
        name="Bags",
        code="BAG",
        description="Waxed canvas and vegetable-tanned leather.",
        variants=("olive", "navy"),
        things={
            "Market Tote": 39,
            "Weekender": 189,
            "Rolltop Backpack": 149,
            "Tool Roll": 54,
            "Lunch Bag": 29,
            "Wash Bag": 42,
            "Laptop Sleeve": 49,
            "Bottle Carrier": 34,
            "Key Fob": 12,
        },
    ),
    Shelf(
        name="Bath & Body",
        code="BAT",
        description="Soap, oil and brushes.",
        variants=("pine", "sea salt"),
        things={
            "Bar Soap": 7,
            "Hand Cream": 14,
            "Bath Salts": 16,
            "Body Oil": 24,
            "Shampoo Bar": 11,
            "Nail Brush": 9,
            "Lip Balm": 6,
            "Room Spray": 22,
        },
    ),
    Shelf(
        name="Garden",
        code="GAR",
        description="For balconies, beds and window sills.",
        variants=("with gloves", "without gloves"),
        things={
            "Hand Trowel": 22,
            "Secateurs": 39,
            "Watering Can": 44,
            "Herb Planter": 32,
            "Twine Dispenser": 17,
            "Seed Box": 26,
            "Bird Feeder": 35,
            "Kneeling Pad": 24,
        },
    ),
    Shelf(
        name="Candles",
        code="CAN",
        description="Poured by hand, burning for an evening or forty.",
        variants=("cedar", "fig", "unscented"),
        things={
            "Beeswax Taper, pair": 16,
            "Travel Candle": 14,
            "Large Jar Candle": 38,
            "Tealights, set of 12": 11,
            "Pillar Candle": 19,
            "Reed Diffuser": 27,
        },
    ),
)

TAGS = (
    "Bestseller",
    "Fragile",
    "Gift idea",
    "Handmade",
    "Made in Europe",
    "New",
    "Organic",
    "Oversize",
    "Vegan",
)


def price_of(whole: int, *, variant: int) -> Decimal:
    """Return the price in euros of a thing in its variant number `variant` from 0."""
    return Decimal(whole) * (1 + Decimal(variant) / 5) - Decimal("0.10")
