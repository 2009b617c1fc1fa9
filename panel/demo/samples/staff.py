"""The sample staff: names, roles, and whether they may connect AI clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from panel.demo.accounts import CONNECTOR_ADMINS, EDITORS, VIEWERS, WAREHOUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the sample staff. `enabled_days` is None for who never was enabled."""

    username: str
    name: str
    role: str
    enabled_days: int | None
    """How many days ago MCP access was enabled for the first time."""

    disabled_days: int | None = None
    """How many days ago it was disabled again."""

    is_active: bool = True
    is_staff: bool = True


def _person(
    username: str, name: str, role: str, enabled_days: int | None, **more: int | bool
) -> Person:
    return Person(
        username=username,
        name=name,
        role=role,
        enabled_days=enabled_days,
        **more,  # type: ignore[arg-type]  # the table below is read by people
    )


STAFF = (
    _person("amelie", "Amélie Moreau", EDITORS, 172),
    _person("joris", "Joris Bakker", EDITORS, 131),
    _person("priya", "Priya Raman", CONNECTOR_ADMINS, 168),
    _person("tomasz", "Tomasz Nowak", WAREHOUSE, 94),
    _person("ingrid", "Ingrid Solberg", EDITORS, 88),
    _person("mateo", "Mateo Ferrer", EDITORS, 75),
    _person("hana", "Hana Suzuki", VIEWERS, 61),
    _person("conor", "Conor Gallagher", WAREHOUSE, 58),
    _person("lena", "Lena Hartmann", EDITORS, 52),
    _person("yusuf", "Yusuf Demir", VIEWERS, 47),
    _person("clara", "Clara Vidal", EDITORS, 41),
    _person("nils", "Nils Andersen", WAREHOUSE, 36),
    _person("zoe", "Zoë Lambert", VIEWERS, 33),
    _person("samir", "Samir Haddad", EDITORS, 24),
    _person("fiona", "Fiona Clarke", EDITORS, 160),
    _person("oscar", "Oscar Lindberg", VIEWERS, 149),
    _person("chiara", "Chiara Marchetti", EDITORS, 19),
    _person("paul", "Paul Egger", VIEWERS, 12),
    _person("ruth", "Ruth Okafor", VIEWERS, 6),
    _person("anika", "Anika Schäfer", EDITORS, 143, disabled_days=9),
    _person("diego", "Diego Ramos", WAREHOUSE, 120, disabled_days=31),
    _person("maud", "Maud Peeters", VIEWERS, 66, disabled_days=2),
    _person("erik", "Erik Holm", WAREHOUSE, None),
    _person("selma", "Selma Yıldız", VIEWERS, None),  # noqa: RUF001  # a Turkish name
    _person("gabriel", "Gabriel Silva", VIEWERS, 110, is_active=False),
    _person("judith", "Judith Brandt", EDITORS, 155, is_staff=False),
)


def seed_staff(*, now: datetime) -> dict[str, User]:
    """Make the sample staff, nobody of whom can sign in, and return them by name."""
    model = get_user_model()
    known = model.objects.filter(username__in=[person.username for person in STAFF])
    names = set(known.values_list("username", flat=True))
    new = [person for person in STAFF if person.username not in names]
    model.objects.bulk_create(_make_user(person, now=now) for person in new)
    users = {
        user.username: user
        for user in model.objects.filter(username__in=[p.username for p in STAFF])
    }
    roles = {role.name: role for role in Group.objects.all()}
    model.groups.through.objects.bulk_create(
        model.groups.through(user=users[person.username], group=roles[person.role])
        for person in new
        if person.role in roles
    )
    return users


def _make_user(person: Person, *, now: datetime) -> User:
    first, last = person.name.split(" ", 1)
    seen_days = 1 if person.is_active and person.is_staff else 40
    return User(
        username=person.username,
        first_name=first,
        last_name=last,
        email=f"{person.username}@example.com",
        is_staff=person.is_staff,
        is_active=person.is_active,
        password=make_password(None),
        date_joined=now - timedelta(days=260 + 7 * len(person.name)),
        last_login=now - timedelta(days=seen_days, hours=len(person.name)),
    )
