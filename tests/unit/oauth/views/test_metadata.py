"""The discovery documents, served."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import RequestFactory

from agent_connector.oauth.views.metadata import (
    authorization_server,
    protected_resource,
)

make_request = RequestFactory()
pytestmark = pytest.mark.django_db  # the switch is read from there


def test_the_documents_are_the_same_for_everybody_for_five_minutes() -> None:
    for view in (authorization_server, protected_resource):
        response = view(make_request.get("/x"))

        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert "Pragma" not in response.headers
        assert "Set-Cookie" not in response.headers


def test_a_site_without_its_url_is_not_set_up(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {}

    for view in (authorization_server, protected_resource):
        assert view(make_request.get("/x")).status_code == 503


def test_under_debug_the_requests_own_host_stands_in(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {}
    settings.DEBUG = True

    document = json.loads(protected_resource(make_request.get("/x")).content)

    assert document["resource"] == "http://testserver/mcp"
    assert document["authorization_servers"] == ["http://testserver"]


@pytest.mark.parametrize("on", [True, False])
def test_registration_is_advertised_as_it_is_set(settings: Any, on: bool) -> None:  # noqa: FBT001  # a table
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "DYNAMIC_CLIENT_REGISTRATION": on,
    }

    document = json.loads(authorization_server(make_request.get("/x")).content)

    assert ("registration_endpoint" in document) is on
