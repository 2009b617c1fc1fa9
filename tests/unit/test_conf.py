"""Settings: typed, read when used, and refused where they cannot work."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from agent_connector.conf import Conf, get_conf


def test_without_settings_the_defaults_hold(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {}

    assert get_conf() == Conf()


def test_the_defaults_are_the_documented_ones() -> None:
    conf = Conf()

    assert conf.access_token_lifetime == timedelta(seconds=3600)
    assert conf.refresh_token_lifetime == timedelta(seconds=2_592_000)
    assert conf.connection_lifetime == timedelta(days=180)
    assert conf.authorization_code_lifetime == timedelta(seconds=60)
    assert conf.dynamic_client_registration
    assert conf.exposed_models == frozenset()
    assert conf.site_url == ""


def test_a_changed_setting_counts_at_the_next_use(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"MAX_ROWS_PER_CALL": 7}
    first = get_conf().max_rows_per_call
    settings.AGENT_CONNECTOR = {"MAX_ROWS_PER_CALL": 8}

    assert (first, get_conf().max_rows_per_call) == (7, 8)


def test_another_setting_does_not_disturb(settings: Settings) -> None:
    before = get_conf()

    settings.LANGUAGE_CODE = "de"

    assert get_conf() is before


def test_lists_are_read_into_values_that_nobody_can_change(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        "ALLOWED_ORIGINS": ["https://a.example"],
        "EXPOSED_MODELS": ["auth.User", "auth.group"],
    }

    conf = get_conf()

    assert conf.allowed_origins == ("https://a.example",)
    assert conf.exposed_models == {"auth.user", "auth.group"}
    with pytest.raises(FrozenInstanceError):
        conf.site_url = "https://evil.example"  # type: ignore[misc]  # the point here


@pytest.mark.parametrize(
    ("given", "site_url"),
    [
        ("https://example.com", "https://example.com"),
        ("https://example.com/", "https://example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_site_url_loses_its_final_slash(
    settings: Settings, given: str, site_url: str
) -> None:
    settings.AGENT_CONNECTOR = {"SITE_URL": given}

    assert get_conf().site_url == site_url


@pytest.mark.parametrize(
    "given",
    [
        {"SITE_URL": "example.com"},
        {"SITE_URL": "https://example.com/admin"},
        {"SITE_URL": "https://example.com?x=1"},
        {"SITE_URL": "https://example.com#x"},
        {"SITE_URL": "https://user@example.com"},
        {"SITE_URL": "https://example.com\nX: y"},
        {"SITE_URL": "https://example.com\n"},
        {"SITE_URL": "ftp://example.com"},
        {"ALLOWED_ORIGINS": "https://a.example"},
        {"SITE_URL": None},
        {"ADMIN_SITE": object()},
        {"ALLOWED_ORIGINS": None},
        {"EXPOSED_MODELS": "auth.user"},
        {"EXTRA_TOOLS": "search_docs"},
        {"EXTRA_TOOLS": ["search_doc"]},
        {"MAX_ROWS_PER_CALL": "10"},
        {"MAX_ROWS_PER_CALL": True},
        {"MAX_ROWS_PER_CALL": 0},
        {"DYNAMIC_CLIENT_REGISTRATION": "no"},
        {"ACCESS_TOKEN_LIFETIME": 3600},
        {"ACCESS_TOKEN_LIFETIME": timedelta(0)},
        {"REFRESH_TOKEN_LIFETIME": timedelta(days=-1)},
        {"CONNECTION_LIFETIME": timedelta(0)},
        {"AUTHORIZATION_CODE_LIFETIME": timedelta(seconds=601)},
        {"REFRESH_GRACE": timedelta(seconds=-1)},
        {"REFRESH_GRACE": 30},
    ],
)
def test_a_value_that_cannot_work_is_refused_by_name(
    settings: Settings, given: dict[str, Any]
) -> None:
    settings.AGENT_CONNECTOR = given

    with pytest.raises(ImproperlyConfigured) as error:
        get_conf()

    assert next(iter(given)) in str(error.value)


def test_the_longest_code_lifetime_is_ten_minutes(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"AUTHORIZATION_CODE_LIFETIME": timedelta(minutes=10)}

    assert get_conf().authorization_code_lifetime == timedelta(minutes=10)


@pytest.mark.parametrize("name", ["SITE_URI", "site_url", ""])
def test_an_unknown_setting_is_refused_and_the_known_ones_named(
    settings: Settings, name: str
) -> None:
    settings.AGENT_CONNECTOR = {name: "https://example.com"}

    with pytest.raises(ImproperlyConfigured) as error:
        get_conf()

    assert repr(name) in str(error.value)
    assert "SITE_URL" in str(error.value)


@pytest.mark.parametrize(
    "value", [-1, True, 1.0, "10.0.0.0/8", ["10.0.0.1/8"], ["proxy"], [1], None, {}]
)
def test_trusted_proxies_that_cannot_be_read_are_named(
    settings: Any, value: object
) -> None:
    settings.AGENT_CONNECTOR = {"TRUSTED_PROXIES": value}

    with pytest.raises(ImproperlyConfigured, match=r"TRUSTED_PROXIES.*networks"):
        get_conf()


def test_an_extra_tool_that_is_unknown_is_named_with_the_known_ones(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {"EXTRA_TOOLS": ["search_docs", "shell"]}

    with pytest.raises(ImproperlyConfigured, match=r"'shell'.*search_docs"):
        get_conf()
