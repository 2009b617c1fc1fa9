"""The token endpoint (RFC 6749 section 3.2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)

from agent_connector.oauth.authentication import client_of
from agent_connector.oauth.errors import InvalidGrant
from agent_connector.oauth.exchange import (
    KNOWN,
    description_of,
    exchange,
    require_grant_type,
)
from agent_connector.oauth.form import parse_form
from agent_connector.oauth.limits import count_failure, failures_of
from agent_connector.oauth.views.machine import (
    host_url_of,
    machine_endpoint,
    read_form_text,
)
from agent_connector.policy.address import address_of
from agent_connector.policy.site import resource_url


@machine_endpoint("POST", reads_settings=False)
@sensitive_post_parameters()
@sensitive_variables()
def token(request: HttpRequest) -> HttpResponse:
    form = parse_form(read_form_text(request), known=KNOWN)
    form.refuse_faults()
    require_grant_type(form)
    now, address = timezone.now(), address_of(request.META)
    client = client_of(
        form,
        authorization=request.headers.get("Authorization", ""),
        now=now,
        address=address,
    )
    resource = resource_url(host_url=host_url_of(request))
    try:
        pair = exchange(
            form, client=client, resource=resource, now=now, address=address
        )
    except InvalidGrant:
        count_failure(failures_of(client.client_id, address=address), now=now)
        raise
    return JsonResponse(description_of(pair))
