"""Counts: one a window, and nobody to be read from them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from agent_connector.models import Throttle
from tests.factories import NOON


@pytest.mark.django_db
def test_there_is_one_count_a_key_and_window() -> None:
    facts = {"scope": Throttle.Scope.PASSWORD_USER, "key": b"k" * 32, "window": NOON}
    Throttle.objects.create(**facts)

    with pytest.raises(IntegrityError):
        Throttle.objects.create(**facts)


def test_showing_a_count_does_not_show_its_key() -> None:
    count = Throttle(pk=3, scope=Throttle.Scope.PASSWORD_USER, key=b"k" * 32)

    assert str(count) == "Password confirmation, by user #3"
