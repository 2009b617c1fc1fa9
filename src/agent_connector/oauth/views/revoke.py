"""The revocation endpoint (RFC 7009 section 2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)

from agent_connector.audit.recorded import DOCTOR
from agent_connector.oauth.authentication import SECRETS, client_of
from agent_connector.oauth.form import parse_form
from agent_connector.oauth.revocation import KNOWN, revoke_token
from agent_connector.oauth.views.machine import machine_endpoint, read_form_text
from agent_connector.policy.address import address_of
from agent_connector.policy.arrival import asks_itself


@machine_endpoint("POST")
@sensitive_post_parameters()
@sensitive_variables()
def revoke(request: HttpRequest) -> HttpResponse:
    """Answer 200 whether or not the token counted (section 2.2)."""
    form = parse_form(read_form_text(request), known=KNOWN)
    form.refuse_faults()
    text = form.require("token")
    now, address = timezone.now(), address_of(request.META)
    authorization = request.headers.get("Authorization", "")
    names_client = authorization or {"client_id", *SECRETS} & form.values.keys()
    client = None
    if names_client:
        client = client_of(form, authorization=authorization, now=now, address=address)
    via = DOCTOR if asks_itself(request.META) else ""
    revoke_token(text, client=client, now=now, address=address, via=via)
    return JsonResponse({})
