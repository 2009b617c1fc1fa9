"""What tests of the panel start from: a seeded demo, and pages as staff see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from panel.demo.seed import seed_demo

SEEDED_AT = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
"""A Wednesday afternoon: office hours."""
DEMO_PASSWORD = "sesame"  # of a database that lives for one module

SignIn = Callable[[User], Client]


@pytest.fixture(scope="module")
def seeded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[datetime]:
    """Seed the demo once for a module, and take it back afterwards."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(password=DEMO_PASSWORD, now=SEEDED_AT)
        yield SEEDED_AT
        transaction.set_rollback(True)


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
