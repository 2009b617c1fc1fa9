"""Fill a fresh database for the server: the demo's accounts and products."""

from __future__ import annotations

import random

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

PASSWORD = "the demo's people share it"
"""Of the four demo accounts."""


def seed() -> None:
    """Make the tables, and what the tests over HTTP speak of."""
    # What holds models can be imported once Django is set up.
    from agent_connector.connections.access import enable_access  # noqa: PLC0415
    from agent_connector.models import ConnectorSettings  # noqa: PLC0415
    from panel.demo.accounts import ACCOUNTS, seed_accounts, seed_roles  # noqa: PLC0415
    from panel.demo.shop_data import seed_products  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    now = timezone.now()
    seed_roles()
    seed_accounts(password=PASSWORD, now=now)
    seed_products(dice=random.Random(2), now=now)
    # Programs call here without pause: what is tried is whether they are cut.
    ConnectorSettings.objects.create(calls_per_minute=0)
    people = get_user_model().objects
    enabled = [one.username for one in ACCOUNTS if one.is_enabled]
    enable_access(
        people.filter(username__in=enabled).values_list("pk", flat=True),
        actor=people.get(username="admin"),
        now=now,
    )


if __name__ == "__main__":
    django.setup()
    seed()
