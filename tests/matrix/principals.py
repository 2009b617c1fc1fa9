"""Who may come: fourteen principals, each with the session and token they bring."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from agent_connector.models import Connection, Token
from agent_connector.policy.rules import may_connect
from tests.factories import make_admin, make_connection, make_personal, make_user

PRODUCT = "shop.view_product"
DRAFTS = "shop.view_draft_product"
VIEWS = (
    PRODUCT,
    DRAFTS,
    "agent_connector.view_mcpuser",
    "agent_connector.view_toolcall",
)
CHANGES = (
    *VIEWS,
    "shop.change_product",
    "agent_connector.change_mcpaccess",
    "agent_connector.revoke_connection",
    "agent_connector.change_client",
    "agent_connector.change_connectorsettings",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """What a request brings along, and what its owner may do with it."""

    cookie: str = ""
    """The session key; with it come the rights of the user."""

    token: str = field(default="", repr=False)
    token_works: bool = False
    is_staff: bool = False
    is_superuser: bool = False
    may_connect: bool = False
    permissions: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        return bool(self.cookie)

    def holds(self, *any_of: str) -> bool:
        """Say whether the signed-in user has one of these permissions."""
        if not self.is_staff or not self.signed_in:
            return False
        return self.is_superuser or bool(self.permissions & set(any_of))


def make_principals() -> dict[str, Principal]:
    """Make all fourteen, with users and tokens of their own."""
    root = make_admin("matrix-root")
    customer = make_user("matrix-customer")
    customer_token = _token_of(customer)
    customer.is_staff = False
    customer.save()
    disabled = make_user("matrix-disabled", permissions=VIEWS)
    disabled_token = _token_of(disabled)
    disabled.mcp_access.enabled = False
    disabled.mcp_access.save()
    return {
        "anonymous": Principal(),
        "active, no staff": person(customer, token=customer_token),
        "staff without permission": _working(make_user("matrix-staff")),
        "staff who views": _working(make_user("matrix-viewer", permissions=VIEWS)),
        "staff who changes": _working(make_user("matrix-changer", permissions=CHANGES)),
        "staff who sees some rows": _working(
            make_user("matrix-limited", permissions=(PRODUCT,))
        ),
        "superuser": _working(root),
        "superuser's read token": Principal(
            token=_token_of(root, level="read"), token_works=True
        ),
        "staff without access": person(disabled, token=disabled_token),
        "revoked token": Principal(token=_revoked(root)),
        "expired token": Principal(token=_expired(root)),
        "token for another audience": Principal(token=_foreign(root)),
        "personal token": Principal(token=_personal(root), token_works=True),
        "session cookie only": person(root, token=""),
    }


def person(user: User, *, token: str, token_works: bool = False) -> Principal:
    """Return the user signed in to the admin, with a token of theirs or without."""
    browser = Client()
    browser.force_login(user)
    return Principal(
        cookie=browser.cookies[settings.SESSION_COOKIE_NAME].value,
        token=token,
        token_works=token_works,
        is_staff=user.is_staff,
        is_superuser=user.is_superuser,
        may_connect=may_connect(user).allowed,
        permissions=frozenset(user.get_all_permissions()),
    )


def _working(user: User) -> Principal:
    return person(user, token=_token_of(user), token_works=True)


def _token_of(user: User, *, level: str = "delete") -> str:
    return make_connection(user, level=level)[1].access


def _revoked(user: User) -> str:
    connection, pair = make_connection(user)
    reason = Connection.RevokedReason.ADMIN
    Connection.objects.filter(pk=connection.pk).update(
        revoked_at=timezone.now(), revoked_reason=reason
    )
    return pair.access


def _expired(user: User) -> str:
    connection, pair = make_connection(user)
    past = timezone.now() - timedelta(hours=1)
    Token.objects.filter(connection=connection).update(expires_at=past)
    return pair.access


def _foreign(user: User) -> str:
    connection, pair = make_connection(user)
    other = "https://elsewhere.example/mcp"
    Connection.objects.filter(pk=connection.pk).update(resource=other)
    return pair.access


def _personal(user: User) -> str:
    return make_personal(user).text
