"""Clients: unique by id, shown by the name they gave themselves."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from agent_connector.connections.secret import Prefix, digest_secret, mint_secret
from agent_connector.models import Client, Connection
from tests.factories import NOON, make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_a_new_client_is_public_and_not_blocked() -> None:
    client = Client.objects.create(
        client_id="x", kind=Client.Kind.MANUAL, name="X", created_at=NOON
    )

    assert client.auth_method == Client.AuthMethod.NONE
    assert client.trust == Client.Trust.DEFAULT
    assert (client.redirect_uris, client.secret_digest, client.host) == ([], None, "")


def test_a_client_id_is_taken_once() -> None:
    make_client(client_id="https://client.example/about.json")

    with pytest.raises(IntegrityError):
        make_client(client_id="https://client.example/about.json")


def test_a_client_id_may_be_a_long_address() -> None:
    address = "https://client.example/" + "x" * 489

    make_client(client_id=address)

    assert Client.objects.get().client_id == address


def test_a_connection_keeps_the_name_of_a_client_that_is_gone() -> None:
    connection, _ = make_connection(make_user(), make_client("Cursor"))

    Client.objects.all().delete()

    connection = Connection.objects.get()
    assert (connection.client, connection.client_name) == (None, "Cursor")


def test_showing_a_client_shows_no_secret() -> None:
    secret = mint_secret(Prefix.CLIENT_SECRET)
    client = make_client("Cursor", secret_digest=digest_secret(secret))

    assert str(client) == "Cursor"
    assert repr(client) == "<Client: Cursor>"
