"""The revocation endpoint, as a view."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from agent_connector.models import Event
from agent_connector.oauth.views.revoke import revoke
from tests.authorization import FORM, REVOKE
from tests.factories import make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def give_back(**fields: str) -> HttpResponse:
    request = RequestFactory(REMOTE_ADDR="::ffff:192.0.2.7").post(
        REVOKE, urlencode(fields), content_type=FORM
    )
    return revoke(request)


def test_the_record_says_where_it_came_from() -> None:
    _, pair = make_connection(make_user(), make_client())

    assert give_back(token=pair.access).content == b"{}"

    event = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert event.address == "192.0.2.7"


@pytest.mark.parametrize("name", ["client_id", "client_secret", "client_assertion"])
def test_an_empty_field_names_no_client(name: str) -> None:
    _, pair = make_connection(make_user(), make_client())

    assert give_back(token=pair.access, **{name: ""}).status_code == 200

    assert Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED).exists()
