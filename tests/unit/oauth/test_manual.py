"""Clients that an administrator enters."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agent_connector.connections.secret import digest_secret
from agent_connector.models import Client, Event
from agent_connector.oauth.manual import enter_client, renew_secret
from agent_connector.oauth.registration import Registration
from tests.factories import REDIRECT_URI, make_admin, make_client
from tests.statements import one_act

pytestmark = pytest.mark.django_db


def enter(auth_method: str) -> Registration:
    return enter_client(
        "Reports",
        redirect_uris=[REDIRECT_URI],
        auth_method=auth_method,
        actor=make_admin("root"),
        now=timezone.now(),
        address="192.0.2.1",
    )


def renew(client: Client) -> str:
    return renew_secret(
        client, actor=make_admin("other"), now=timezone.now(), address="192.0.2.2"
    )


def test_of_a_secret_only_the_digest_is_stored() -> None:
    with one_act():
        entered = enter("client_secret_basic")

    stored = Client.objects.get()
    assert stored.kind == Client.Kind.MANUAL
    assert bytes(stored.secret_digest or b"") == digest_secret(entered.secret)
    assert entered.secret not in repr(entered)
    event = Event.objects.get(kind=Event.Kind.CLIENT_ADDED)
    assert event.actor is not None
    assert event.detail == f"Reports ({stored.client_id})"
    assert len(stored.client_id) == 32
    assert stored.redirect_uris == [REDIRECT_URI]
    assert (stored.created_from, event.address) == ("192.0.2.1", "192.0.2.1")


def test_a_public_client_has_no_secret_and_gets_none() -> None:
    entered = enter("none")

    assert (entered.secret, renew(entered.client)) == ("", "")
    assert Client.objects.get().secret_digest is None


def test_a_new_secret_replaces_the_old_one() -> None:
    entered = enter("client_secret_post")
    client = entered.client
    another = make_client(kind=Client.Kind.MANUAL, auth_method="client_secret_post")

    with one_act():
        new = renew(client)

    client.refresh_from_db()
    another.refresh_from_db()
    assert new != entered.secret
    assert bytes(client.secret_digest or b"") == digest_secret(new)
    assert another.secret_digest is None
    event = Event.objects.get(kind=Event.Kind.CLIENT_NEW_SECRET)
    assert event.actor is not None
    assert (event.actor.get_username(), event.address) == ("other", "192.0.2.2")
    assert event.detail == f"Reports ({client.client_id})"


def test_a_client_that_registered_itself_gets_no_new_secret() -> None:
    client = make_client("Cursor", auth_method="client_secret_post")

    assert renew(client) == ""
    assert not Event.objects.filter(kind=Event.Kind.CLIENT_NEW_SECRET).exists()
