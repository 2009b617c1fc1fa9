"""The registration endpoint (RFC 7591 section 3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from agent_connector.oauth.errors import AccessDenied
from agent_connector.oauth.form import parse_json_object
from agent_connector.oauth.registration import description_of, register_client
from agent_connector.oauth.views.machine import (
    machine_endpoint,
    read_body,
    settings_of,
)
from agent_connector.policy.address import address_of


@machine_endpoint("POST")
def register(request: HttpRequest) -> HttpResponse:
    if not settings_of(request).dynamic_client_registration:
        raise AccessDenied(
            "Registration is switched off. Ask an administrator of this site."
        )
    metadata = parse_json_object(read_body(request, content_type="application/json"))
    client = register_client(
        metadata, now=timezone.now(), address=address_of(request.META)
    )
    return JsonResponse(description_of(client), status=201)
