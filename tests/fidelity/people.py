"""People with rights by chance, each with a browser and an agent."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.test import Client

from agent_connector.policy.caller import Caller
from tests.callers import make_caller
from tests.factories import make_user
from tests.fidelity.sets import ModelSet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Person:
    browser: Client
    caller: Caller


def some_person(rng: Random, chosen: ModelSet) -> Person:
    """Return a staff user who may do a random part of what the models allow."""
    user: User = make_user(is_superuser=rng.random() < 0.15)
    share = rng.choice((0.4, 0.7, 0.95))
    for permission in permissions_on(chosen):
        if rng.random() < share:
            user.user_permissions.add(permission)
    browser = Client()
    browser.force_login(user)
    return Person(
        browser, make_caller(type(user).objects.get(pk=user.pk), level="delete")
    )


def permissions_on(chosen: ModelSet) -> list[Any]:
    about = Q()
    for model in chosen.watched:
        meta = model._meta
        about |= Q(
            content_type__app_label=meta.app_label, content_type__model=meta.model_name
        )
    return list(Permission.objects.filter(about).order_by("pk"))
