"""Make the people, clients and connections that tests speak of."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from agent_connector.connections.issue import TokenPair, find_code, redeem_code
from agent_connector.connections.open import Consent, open_connection
from agent_connector.connections.personal import (
    PersonalToken,
    Wanted,
    issue_personal_token,
)
from agent_connector.models import Client, Connection, ConnectorSettings, MCPAccess
from agent_connector.policy.site import resource_url

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"  # of test users only
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""The example of RFC 7636 appendix B."""
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REDIRECT_URI = "http://127.0.0.1:33418/callback"
_numbers = itertools.count(1)


def make_user(
    username: str = "",
    *,
    enabled: bool = True,
    permissions: tuple[str, ...] = (),
    now: datetime | None = None,
    **fields: Any,
) -> User:
    """Return a staff user whose password is `PASSWORD`, with MCP access by default.

    `permissions` are written `app_label.codename`.
    """
    fields.setdefault("is_staff", True)
    username = username or f"user{next(_numbers)}"
    user = get_user_model().objects.create_user(username, password=PASSWORD, **fields)
    if enabled:
        MCPAccess.objects.create(user=user, enabled=True, added_at=now or NOON)
    for permission in permissions:
        app_label, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    return get_user_model().objects.select_related("mcp_access").get(pk=user.pk)


def make_admin(username: str = "root", **fields: Any) -> User:
    """Return a superuser, with MCP access by default."""
    return make_user(username, is_superuser=True, **fields)


def make_client(name: str = "Claude Code", **fields: Any) -> Client:
    """Return a dynamically registered public client."""
    return Client.objects.create(
        **{
            "client_id": f"client-{next(_numbers)}",
            "kind": Client.Kind.DYNAMIC,
            "name": name,
            "redirect_uris": [REDIRECT_URI],
            "created_at": NOON,
            **fields,
        }
    )


def make_code(
    user: User,
    client: Client | None = None,
    *,
    level: str = "write",
    now: datetime | None = None,
) -> str:
    """Return the authorization code of a fresh consent; PKCE is `VERIFIER`'s."""
    consent = Consent(
        client=client or make_client(),
        level=level,
        resource=resource_url(),
        redirect_uri=REDIRECT_URI,
        challenge=CHALLENGE,
    )
    return open_connection(
        user, consent, actor=user, now=now or timezone.now(), address="192.0.2.7"
    )


def make_connection(
    user: User,
    client: Client | None = None,
    *,
    level: str = "write",
    now: datetime | None = None,
) -> tuple[Connection, TokenPair]:
    """Return a connection whose code was exchanged, and its only token texts."""
    now = now or timezone.now()
    code = find_code(make_code(user, client, level=level, now=now))
    assert code is not None
    pair = redeem_code(code, now=now, address="192.0.2.7")
    assert isinstance(pair, TokenPair)
    return Connection.objects.get(pk=code.connection_id), pair


def allow_personal_tokens(*, longest_days: int = 90) -> None:
    """Set the site's switch and maximum for personal access tokens."""
    ConnectorSettings.objects.update_or_create(
        defaults={
            "personal_access_tokens": True,
            "personal_access_token_lifetime": timedelta(days=longest_days),
        }
    )


def make_personal(
    user: User, *, level: str = "write", days: int = 30, now: datetime | None = None
) -> PersonalToken:
    """Return a personal access token, which the site allows from then on."""
    allow_personal_tokens()
    wanted = Wanted(
        label="nightly report",
        level=level,
        lifetime=timedelta(days=days),
        resource=resource_url(),
    )
    issued = issue_personal_token(
        user, wanted, actor=user, now=now or timezone.now(), address="192.0.2.7"
    )
    assert isinstance(issued, PersonalToken)
    return issued
