"""The settings row: one at the most, and never with a lifetime that cannot work."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from agent_connector.conf import Conf
from agent_connector.models import ConnectorSettings
from agent_connector.policy.settings import NAMES, settings_with

pytestmark = pytest.mark.django_db


def test_a_fresh_row_says_what_no_row_says() -> None:
    assert settings_with(ConnectorSettings()) == settings_with(None)
    assert asdict(settings_with(None)) == {
        name: getattr(Conf(), name) for name in NAMES
    }


def test_there_is_no_second_row() -> None:
    ConnectorSettings.objects.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        ConnectorSettings.objects.create(id=2)


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("access_token_lifetime", timedelta(0)),
        ("refresh_token_lifetime", timedelta(seconds=-1)),
        ("connection_lifetime", timedelta(0)),
        ("authorization_code_lifetime", timedelta(0)),
        ("authorization_code_lifetime", timedelta(seconds=601)),
        ("refresh_grace", timedelta(seconds=-1)),
    ],
)
def test_the_database_refuses_impossible_lifetimes(name: str, span: timedelta) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ConnectorSettings.objects.create(**{name: span})
