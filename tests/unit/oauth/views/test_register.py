"""The registration endpoint, as a view."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.connections.secret import digest_secret
from agent_connector.models import Client
from tests.authorization import REGISTER
from tests.factories import REDIRECT_URI, make_client

pytestmark = pytest.mark.django_db

METADATA = {
    "redirect_uris": [REDIRECT_URI],
    "token_endpoint_auth_method": "client_secret_basic",
}


def test_a_secret_is_answered_once_and_kept_by_nobody(client: Browser) -> None:
    answer = client.post(
        REGISTER, json.dumps(METADATA), content_type="application/json"
    )

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    secret = answer.json()["client_secret"]
    stored = Client.objects.get()
    assert secret not in str(vars(stored))
    assert bytes(stored.secret_digest or b"") == digest_secret(secret)


def test_stale_registrations_go_as_new_ones_come(client: Browser) -> None:
    make_client("Stale", created_at=timezone.now() - timedelta(days=2))
    make_client("Fresh", created_at=timezone.now())

    client.post(REGISTER, json.dumps(METADATA), content_type="application/json")

    assert not Client.objects.filter(name="Stale").exists()
    assert Client.objects.count() == 2
