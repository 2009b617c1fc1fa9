"""Which models are exposed to agents at all, before any permission is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from agent_connector.conf import get_conf

if TYPE_CHECKING:
    from django.db import models

NEVER_EXPOSED_APPS = frozenset({"agent_connector", "sessions"})
"""Our own tables and sessions: no setting opens these."""

WITHHELD_APPS = frozenset(
    {
        "account",
        "admin",
        "auth",
        "authtoken",
        "contenttypes",
        "django_mcpz_bearer_tokens",
        "django_mcpz_oauth",
        "knox",
        "mfa",
        "oauth2_provider",
        "otp_static",
        "otp_totp",
        "sites",
        "socialaccount",
    }
)
"""Apps that hold rights, credentials or other people's traces; code may opt in."""

_SENSITIVE_WORDS = (
    "accesskey",
    "apikey",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "secret",
    "token",
)
"""Looked for in a name without its case, underscores and hyphens."""


def label_of(model: type[models.Model]) -> str:
    """Return `app_label.model_name`, the one name of a model in tools."""
    return model._meta.label_lower


def is_exposed(model: type[models.Model], *, user_model: type[models.Model]) -> bool:
    """Say whether agents may know of this model.

    What is withheld stays so under another name: users under whatever app label they
    live, and the proxies, children and many-to-many tables of any withheld model.
    """
    kin = kin_of(model)
    labels = {one._meta.app_label for one in kin}
    if labels & NEVER_EXPOSED_APPS:
        return False
    users = any(issubclass(one, user_model) for one in kin)
    withheld = users or bool(labels & WITHHELD_APPS)
    return not withheld or label_of(model) in get_conf().exposed_models


def kin_of(model: type[models.Model]) -> set[type[models.Model]]:
    """Return the models whose rows this one shows, or ties to others."""
    meta = model._meta
    kin = {model, *meta.get_parent_list()}
    owner: Any = meta.auto_created  # the model that declares the field, or False
    return kin | kin_of(owner) if owner else kin


def is_named_in(labels: Iterable[str], kin: Iterable[type[models.Model]]) -> bool:
    """Say whether settings name one of these models, or all of its app (`shop.*`)."""
    named = {label_of(one) for one in kin} | {f"{one._meta.app_label}.*" for one in kin}
    return not named.isdisjoint(labels)


def is_sensitive_field(name: str) -> bool:
    """Say whether a field's name tells of a credential, which agents never see."""
    letters = "".join(filter(str.isalnum, name.lower()))
    return any(word in letters for word in _SENSITIVE_WORDS)
