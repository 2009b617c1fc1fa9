"""Which models are exposed to agents at all, before any permission is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_connector.conf import get_conf

if TYPE_CHECKING:
    from django.db import models

NEVER_EXPOSED_APPS = frozenset({"agent_connector", "sessions"})
"""Our own tables and sessions: no setting opens these."""

WITHHELD_APPS = frozenset(
    {"auth", "admin", "contenttypes", "sites", "authtoken", "account", "socialaccount"}
)
"""Apps that hold rights, credentials or other people's traces; code may opt in."""

_SENSITIVE_WORDS = ("password", "passwd", "secret", "token", "api_key", "private_key")


def label_of(model: type[models.Model]) -> str:
    """Return `app_label.model_name`, the one name of a model in tools."""
    return model._meta.label_lower  # noqa: SLF001  # Django's documented API


def is_exposed(model: type[models.Model], *, user_model: type[models.Model]) -> bool:
    """Say whether agents may know of this model.

    Users are withheld under whatever app label they live, proxies included.
    """
    meta = model._meta  # noqa: SLF001  # Django's documented API
    if meta.app_label in NEVER_EXPOSED_APPS:
        return False
    concrete = meta.concrete_model or model
    withheld = meta.app_label in WITHHELD_APPS or issubclass(concrete, user_model)
    return not withheld or label_of(model) in get_conf().exposed_models


def is_sensitive_field(name: str) -> bool:
    """Say whether a field's name tells of a credential, which agents never see."""
    lowered = name.lower()
    return any(word in lowered for word in _SENSITIVE_WORDS)
