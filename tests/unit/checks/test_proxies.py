"""The check that limits see whoever is behind a proxy."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from agent_connector.checks.proxies import check_proxies

BEHIND_ONE = [
    {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
    {"USE_X_FORWARDED_HOST": True},
]


def use(settings: Settings, *, proxies: Any = 0, **signs: Any) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "TRUSTED_PROXIES": proxies,
    }
    for name, value in signs.items():
        setattr(settings, name, value)


@pytest.mark.parametrize("signs", BEHIND_ONE)
def test_a_proxy_that_we_are_not_told_of_is_a_warning(
    settings: Settings, signs: dict[str, Any]
) -> None:
    use(settings, **signs)

    [message] = check_proxies()

    assert message.id == "agent_connector.W005"
    assert next(iter(signs)) in message.msg
    assert "TRUSTED_PROXIES" in (message.hint or "")
    assert message in run_checks(tags=["agent_connector"])


@pytest.mark.parametrize("signs", BEHIND_ONE)
@pytest.mark.parametrize("proxies", [1, ["10.0.0.0/8"]])
def test_a_proxy_that_we_are_told_of_is_right(
    settings: Settings, signs: dict[str, Any], proxies: Any
) -> None:
    use(settings, proxies=proxies, **signs)

    assert check_proxies() == []


def test_without_a_proxy_there_is_nothing_to_say(settings: Settings) -> None:
    use(settings)

    assert check_proxies() == []
