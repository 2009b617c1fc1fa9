"""Events: they outlive everybody they speak of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from agent_connector.audit import record
from agent_connector.connections.access import disable_access
from agent_connector.errors import AppendOnly
from agent_connector.models import Event
from tests.factories import NOON, make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_an_event_outlives_user_and_connection() -> None:
    user = make_user()
    make_connection(user, make_client("Cursor"), level="read")

    user.delete()

    event = Event.objects.get(kind=Event.Kind.CONNECTION_OPENED)
    assert (event.user, event.actor, event.connection) == (None, None, None)
    assert event.detail == "Cursor (read)"


def test_every_kind_fits_its_column() -> None:
    longest = Event._meta.get_field("kind").max_length

    assert longest is not None
    assert max(map(len, Event.Kind.values)) <= longest


def test_showing_an_event_shows_its_kind_only() -> None:
    event = Event(pk=3, kind=Event.Kind.REFRESH_REUSED, detail="private")

    assert str(event) == "Refresh token used twice #3"


def test_an_event_says_who_it_was_when_they_are_gone() -> None:
    admin, user = make_user("root"), make_user("jane")
    make_connection(user)
    disable_access([user.pk], actor=admin, now=NOON)

    user.delete()
    admin.delete()

    names = set(Event.objects.values_list("kind", "actor_name", "user_name"))
    assert names == {
        (Event.Kind.CLIENT_REGISTERED, "", "jane"),
        (Event.Kind.CONNECTION_OPENED, "jane", "jane"),
        (Event.Kind.CONNECTION_REVOKED, "root", "jane"),
        (Event.Kind.ACCESS_DISABLED, "root", "jane"),
    }
    assert not Event.objects.exclude(user=None, actor=None).exists()


def test_a_long_name_is_cut_wherever_it_is_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record, "LONGEST_NAME", 3)
    user = make_user("jane")
    make_connection(user)

    disable_access([user.pk], actor=user, now=NOON)

    assert set(Event.objects.values_list("user_name", flat=True)) == {"jan"}
    assert set(Event.objects.values_list("actor_name", flat=True)) == {"jan", ""}


def _save(event: Event) -> None:
    event.detail = "other"
    event.save()


def _save_under_its_key(event: Event) -> None:
    Event(pk=event.pk, at=event.at, kind=event.kind, detail="other").save()


def _bulk_update(event: Event) -> None:
    event.detail = "other"
    Event.objects.bulk_update([event], ["detail"])


@pytest.mark.parametrize(
    "change",
    [
        _save,
        _bulk_update,
        lambda event: event.delete(),
        lambda _event: Event.objects.update(detail="other"),
        lambda _event: Event.objects.filter(detail="first").update(detail="other"),
        lambda _event: Event.objects.filter(detail="first").delete(),
        lambda event: Event.objects.update_or_create(
            pk=event.pk, defaults={"detail": "other"}
        ),
    ],
    ids=["save", "bulk", "delete", "update", "filter", "remove", "or create"],
)
def test_an_event_is_neither_changed_nor_deleted(
    change: Callable[[Event], object],
) -> None:
    kept = Event.objects.create(at=NOON, kind="access_enabled", detail="first")

    with pytest.raises(AppendOnly), transaction.atomic():
        change(kept)

    assert Event.objects.values_list("detail", flat=True).get() == "first"


def test_no_event_takes_the_place_of_another() -> None:
    kept = Event.objects.create(at=NOON, kind="access_enabled", detail="first")

    with pytest.raises(IntegrityError), transaction.atomic():
        _save_under_its_key(kept)

    assert Event.objects.get().detail == "first"
