"""Exposure: users, rights and credentials are withheld under any name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from pytest_django import Settings

from agent_connector.models import Connection, MCPUser, Token
from agent_connector.policy.exposure import (
    is_exposed,
    is_sensitive_field,
    label_of,
)
from panel.shop.models import Product


@pytest.fixture(autouse=True)
def _forget_models_made_here() -> Iterator[None]:
    """Take the models that a test made out of Django's registry again."""
    known = {label: dict(found) for label, found in apps.all_models.items()}
    yield
    for label in list(apps.all_models):
        apps.all_models[label].clear()
        apps.all_models[label].update(known.get(label, {}))
    apps.clear_cache()


def make_model(
    name: str, *bases: type[models.Model], app_label: str = "shop", **meta: Any
) -> type[models.Model]:
    """Return a model of another app that is made of `bases`."""
    options = type("Meta", (), {"app_label": app_label, **meta})
    return type(name, bases, {"__module__": __name__, "Meta": options})


def exposed(model: type[models.Model], user_model: type[models.Model] = User) -> bool:
    return is_exposed(model, user_model=user_model)


def test_a_model_of_the_project_is_exposed() -> None:
    assert exposed(Product)
    assert label_of(Product) == "shop.product"


@pytest.mark.parametrize(
    "model", [User, Group, Permission, LogEntry, ContentType, Session, Token, MCPUser]
)
def test_rights_credentials_and_traces_are_withheld(model: type[models.Model]) -> None:
    assert not exposed(model)


@pytest.mark.parametrize(
    "app_label",
    [
        *("account", "mfa", "socialaccount", "knox", "oauth2_provider", "authtoken"),
        *("django_mcpz_bearer_tokens", "django_mcpz_oauth", "otp_static", "otp_totp"),
        *("admin", "auth", "contenttypes", "sessions", "sites", "agent_connector"),
    ],
)
def test_apps_that_hold_rights_or_credentials_are_withheld(app_label: str) -> None:
    assert not exposed(make_model("Thing", models.Model, app_label=app_label))


@pytest.mark.parametrize("model", [User, Group, Session, Connection])
def test_a_proxy_in_another_app_is_withheld_like_its_model(
    model: type[models.Model],
) -> None:
    assert not exposed(make_model("Innocent", model, proxy=True))


@pytest.mark.parametrize("model", [User, Group])
def test_a_child_in_another_app_is_withheld_like_its_parent(
    model: type[models.Model],
) -> None:
    child = make_model("Child", model)

    assert not exposed(child)
    assert not exposed(make_model("Innocent", child, proxy=True))


def test_users_are_withheld_under_any_app_label() -> None:
    person = make_model("Person", models.Model, app_label="people")

    assert not exposed(person, user_model=person)
    assert exposed(person)


def test_the_table_between_users_and_anything_is_withheld() -> None:
    assert not exposed(User.groups.through)


def test_code_may_opt_a_withheld_model_in(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"EXPOSED_MODELS": ["auth.Group"]}

    assert exposed(Group)
    assert not exposed(Permission)


def test_opting_a_model_in_does_not_open_its_proxies(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {"EXPOSED_MODELS": ["auth.user"]}

    assert exposed(User)
    assert not exposed(make_model("Innocent", User, proxy=True))


@pytest.mark.parametrize("model", [Session, Token, Connection, MCPUser])
def test_nothing_opens_sessions_and_our_own_tables(
    settings: Settings, model: type[models.Model]
) -> None:
    settings.AGENT_CONNECTOR = {"EXPOSED_MODELS": [label_of(model)]}

    assert not exposed(model)


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password2",
        "stripe_secret",
        "access_token",
        "apiKey",
        "api-key",
        "API_KEY",
        "private_key_pem",
        "aws_access_key",
        "passphrase",
        "db_pwd",
        "db_passwd",
        "credentials",
    ],
)
def test_a_name_that_tells_of_a_credential_is_sensitive(name: str) -> None:
    assert is_sensitive_field(name)


@pytest.mark.parametrize("name", ["name", "price", "key", "passport_country", "notes"])
def test_an_ordinary_name_is_not(name: str) -> None:
    assert not is_sensitive_field(name)
