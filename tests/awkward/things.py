"""Make the awkward admin's records, and let agents work on it."""

from __future__ import annotations

import itertools
from typing import Any

from tests.awkward.models import Maker, Part, Place, Thing

_numbers = itertools.count(1)


def work_on_awkward_site(settings: Any) -> None:
    """Let agents and browsers meet the awkward admin until the test is over."""
    settings.ROOT_URLCONF = "tests.awkward.urls"
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "ADMIN_SITE": "tests.awkward.admin.site",
    }


def make_maker(name: str = "", **fields: Any) -> Maker:
    return Maker.objects.create(name=name or f"Maker {next(_numbers)}", **fields)


def make_place(code: str = "", **fields: Any) -> Place:
    number = next(_numbers)
    return Place.objects.create(
        code=code or f"place-{number}", **{"name": f"Place {number}", **fields}
    )


def make_thing(name: str = "", *, parts: tuple[str, ...] = (), **fields: Any) -> Thing:
    """Return a thing with parts of these names."""
    maker = fields.pop("maker", None) or make_maker()
    thing = Thing.objects.create(
        name=name or f"Thing {next(_numbers)}", maker=maker, **fields
    )
    for part in parts:
        Part.objects.create(thing=thing, name=part)
    return thing
