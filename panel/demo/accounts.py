"""The four demo accounts and the user roles; their password is set anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

EDITORS = "Shop editors"
VIEWERS = "Shop viewers"
WAREHOUSE = "Warehouse"
CONNECTOR_ADMINS = "Connector administrators"

SHOP_MODELS = ("category", "coupon", "customer", "order", "orderline", "product", "tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody whom a visitor of the demo can sign in as."""

    username: str
    first_name: str
    last_name: str
    role: str
    says: str
    """What the account is for, as the terminal shows it."""

    is_superuser: bool = False
    is_enabled: bool = True


ACCOUNTS = (
    Account(
        username="admin",
        first_name="Ada",
        last_name="Lindqvist",
        role="",
        says="superuser; manages who may connect AI clients",
        is_superuser=True,
    ),
    Account(
        username="editor",
        first_name="Emre",
        last_name="Kaplan",
        role=EDITORS,
        says="views, adds and changes products and orders",
    ),
    Account(
        username="viewer",
        first_name="Vera",
        last_name="Holm",
        role=VIEWERS,
        says="views the shop, but no draft products",
    ),
    Account(
        username="newcomer",
        first_name="Noor",
        last_name="de Wit",
        role=VIEWERS,
        says="as viewer, but not enabled for AI clients yet",
        is_enabled=False,
    ),
)


def seed_roles() -> None:
    """Make the user roles, and leave those alone that exist."""
    views = Q(codename__in=[f"view_{model}" for model in SHOP_MODELS])
    edits = Q(codename="view_draft_product") | Q(
        codename__in=[
            f"{verb}_{model}"
            for verb in ("add", "change")
            for model in ("product", "order", "orderline")
        ]
    )
    shipping = Q(codename__in=["change_order", "change_orderline", "change_product"])
    connector = Q(
        content_type__app_label="agent_connector",
        codename__in=[
            "view_mcpuser",
            "change_mcpaccess",
            "revoke_connection",
            "view_toolcall",
            "change_client",
        ],
    ) | Q(content_type__app_label="auth", codename="view_user")
    shop = Q(content_type__app_label="shop")
    _name_permissions()
    _make_role(VIEWERS, holding=shop & views)
    _make_role(EDITORS, holding=shop & (views | edits))
    _make_role(WAREHOUSE, holding=shop & (views | shipping))
    _make_role(CONNECTOR_ADMINS, holding=connector)


def _name_permissions() -> None:
    """Say role in those names, too, that Django has stored out of its migrations."""
    for one in Permission.objects.filter(name__endswith=" group"):
        one.name = f"{one.name.removesuffix('group')}role"
        one.save(update_fields=["name"])


def _make_role(name: str, *, holding: Q) -> None:
    role, is_new = Group.objects.get_or_create(name=name)
    if is_new:
        role.permissions.set(Permission.objects.filter(holding))


@sensitive_variables("password")
def seed_accounts(*, password: str, now: datetime) -> list[User]:
    """Make the demo accounts and see that each one opens with `password`.

    A password that is right already is not set again: that would sign the account out
    and end its connections.
    """
    users = []
    for account in ACCOUNTS:
        user, is_new = get_user_model().objects.get_or_create(
            username=account.username,
            defaults={
                "first_name": account.first_name,
                "last_name": account.last_name,
                "email": f"{account.username}@example.com",
                "is_staff": True,
                "is_superuser": account.is_superuser,
                "date_joined": now - timedelta(days=400),
            },
        )
        if is_new and account.role:
            user.groups.add(Group.objects.get(name=account.role))
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        users.append(user)
    return users
