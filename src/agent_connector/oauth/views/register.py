"""The registration endpoint (RFC 7591 section 3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from agent_connector.oauth.errors import AccessDenied
from agent_connector.oauth.form import parse_json_object
from agent_connector.oauth.limits import count_registration
from agent_connector.oauth.pruning import prune_clients
from agent_connector.oauth.registration import description_of, register_client
from agent_connector.oauth.views.machine import (
    machine_endpoint,
    read_body,
    settings_of,
)
from agent_connector.policy.address import address_of


@machine_endpoint("POST")
@sensitive_variables()
def register(request: HttpRequest) -> HttpResponse:
    if not settings_of(request).dynamic_client_registration:
        raise AccessDenied(
            "Registration is switched off. Ask an administrator of this site."
        )
    metadata = parse_json_object(read_body(request, content_type="application/json"))
    now, address = timezone.now(), address_of(request.META)
    count_registration(address, now=now)
    prune_clients(now=now)  # before: its trouble must not swallow the answer
    registration = register_client(metadata, now=now, address=address)
    return JsonResponse(description_of(registration), status=201)
