"""Fill an empty database with the demo's data; leave what is there alone."""

from __future__ import annotations

import random
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from agent_connector.models import Client, ConnectorSettings
from agent_connector.models.settings import THE_ROW
from agent_connector.policy.site import resource_url
from panel.demo.accounts import seed_accounts, seed_roles
from panel.demo.order_data import seed_orders
from panel.demo.samples.access import (
    enable_accounts,
    write_access,
    write_events,
    write_last_used,
)
from panel.demo.samples.calls import write_calls
from panel.demo.samples.history import write_history
from panel.demo.samples.programs import SAMPLE_ID
from panel.demo.samples.staff import seed_staff
from panel.demo.samples.tokens import write_tokens
from panel.demo.shop_data import seed_coupons, seed_customers, seed_products

SEED = "harbour and pine"


@sensitive_variables("password")
@transaction.atomic
def seed_demo(*, password: str, now: datetime) -> None:
    """Make what is missing, all of it or nothing; takes a few seconds at most.

    The same people, products and orders each time, dated back from `now`. The demo
    accounts open with `password` afterwards.
    """
    seed_roles()
    accounts = {
        user.get_username(): user for user in seed_accounts(password=password, now=now)
    }
    seed_products(dice=random.Random(f"{SEED} products"), now=now)
    seed_customers(dice=random.Random(f"{SEED} customers"), now=now)
    seed_orders(dice=random.Random(f"{SEED} orders"), now=now)
    seed_coupons(now=now)
    enable_accounts(accounts, admin=accounts["admin"], now=now)
    seed_samples(admin=accounts["admin"], now=now)
    allow_personal_tokens()


def allow_personal_tokens() -> None:
    """Let everybody try them, unless somebody has set the settings before."""
    ConnectorSettings.objects.get_or_create(
        pk=THE_ROW, defaults={"personal_access_tokens": True}
    )


def seed_samples(*, admin: User, now: datetime) -> None:
    """Make the sample staff with their clients, unless they were made before.

    The clients tell: they stay when somebody deletes sample staff.
    """
    if Client.objects.filter(client_id__startswith=SAMPLE_ID).exists():
        return
    dice = random.Random(f"{SEED} samples")
    users = seed_staff(now=now)
    write_access(users, admin=admin, dice=dice, now=now)
    chapters = write_history(
        users, admin=admin, resource=resource_url(), dice=dice, now=now
    )
    write_tokens(chapters)
    write_calls(chapters, dice=dice, now=now)
    write_last_used(chapters)
    people = {**users, admin.get_username(): admin}
    write_events(chapters, people, dice=dice, now=now)
