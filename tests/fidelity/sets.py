"""The models on which both ways are compared, and the world they are compared in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.urls import reverse

from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.settable import RIGHTS
from tests.awkward.things import work_on_awkward_site
from tests.fidelity.worlds import fill_auth, fill_awkward, fill_shop


def every(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return all rows, whatever the model's own manager hides."""
    return model._base_manager.order_by("pk")  # noqa: SLF001  # documented


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSet:
    """Models of the admin that are tried together."""

    name: str
    labels: tuple[str, ...]
    """Registered models, which operations are about."""

    also_watched: tuple[str, ...] = ()
    """Other tables that a step can change."""

    fill: Callable[[Random], None]
    prepare: Callable[[Any], object] = bool
    """Given pytest-django's settings, lets agents and browsers at these models."""

    inlines: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By label: the models of the rows on its page, by their prefix."""

    actions: Mapping[str, str] = field(default_factory=dict)
    """By label: an action of its list."""

    random_columns: frozenset[str] = frozenset()
    """`table.column` of values that chance decides when a row is made."""

    subjects: Callable[[type[models.Model]], models.QuerySet[Any]] = every
    """The rows that steps are about."""

    withheld: frozenset[str] = frozenset()
    """Names of fields that agents never see."""

    never_set: frozenset[str] = frozenset()
    """Names of fields that agents see and no tool sets, whatever code opens."""

    @property
    def registered(self) -> list[type[models.Model]]:
        return [apps.get_model(label) for label in self.labels]

    @property
    def watched(self) -> list[type[models.Model]]:
        return [apps.get_model(one) for one in (*self.labels, *self.also_watched)]

    def meta(self, label: str) -> Any:
        return apps.get_model(label)._meta


SHOP = ModelSet(
    name="shop",
    labels=(
        "shop.category",
        "shop.coupon",
        "shop.customer",
        "shop.order",
        "shop.product",
    ),
    also_watched=("shop.orderline", "shop.tag"),
    inlines={"shop.order": {"lines": "shop.orderline"}},
    actions={"shop.order": "mark_as_shipped", "shop.product": "restock"},
    fill=fill_shop,
    random_columns=frozenset({"shop.order.number"}),
)


_NOTES = "awkward-note-content_type-object_id"

AWKWARD = ModelSet(
    name="awkward",
    labels=(
        "awkward.maker",
        "awkward.painting",
        "awkward.place",
        "awkward.shownthing",
        "awkward.tag",
        "awkward.thing",
    ),
    also_watched=("awkward.note", "awkward.part"),
    inlines={
        "awkward.maker": {_NOTES: "awkward.note"},
        "awkward.painting": {"parts": "awkward.part", _NOTES: "awkward.note"},
        "awkward.thing": {"parts": "awkward.part", _NOTES: "awkward.note"},
    },
    fill=fill_awkward,
    random_columns=frozenset({"awkward.maker.id", "awkward.part.id"}),
    prepare=work_on_awkward_site,
)


def _open_auth(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "EXPOSED_MODELS": ["auth.group", "auth.permission", "auth.user"],
    }


def _not_the_actors(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return all rows but the people who act: who locks himself out is cut off."""
    people = get_user_model()
    rows = every(model)
    return rows.filter(username__startswith="person") if model is people else rows


AUTH = ModelSet(
    name="auth",
    labels=("auth.group", "auth.user"),
    also_watched=(),
    fill=fill_auth,
    subjects=_not_the_actors,
    withheld=frozenset({"password"}),
    never_set=RIGHTS,
    prepare=_open_auth,
)
ALL_SETS = (SHOP, AWKWARD, AUTH)


def admin_url(model: type[models.Model], view: str, *args: Any) -> str:
    """Return the address of a page of the admin that agents work on."""
    meta = model._meta
    name = f"admin:{meta.app_label}_{meta.model_name}_{view}"
    return reverse(name, args=args, current_app=admin_site().name)
