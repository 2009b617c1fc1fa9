"""The discovery documents (RFC 8414 section 3, RFC 9728 section 3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from agent_connector.oauth.metadata import (
    authorization_server_document,
    protected_resource_document,
)
from agent_connector.oauth.views.machine import (
    host_url_of,
    machine_endpoint,
    settings_of,
)
from agent_connector.policy.site import resource_url, site_url

_CACHED = {"Cache-Control": "public, max-age=300"}
"""The same for everybody; five minutes, so that a changed setting is soon seen."""


@machine_endpoint("GET", "HEAD", is_public=True)
def authorization_server(request: HttpRequest) -> HttpResponse:
    in_force = settings_of(request)
    document = authorization_server_document(
        site_url(host_url=host_url_of(request)),
        registration=in_force.dynamic_client_registration,
        documents=in_force.client_id_metadata_documents,
    )
    return JsonResponse(document, headers=_CACHED)


@machine_endpoint("GET", "HEAD", is_public=True)
def protected_resource(request: HttpRequest) -> HttpResponse:
    host_url = host_url_of(request)
    document = protected_resource_document(
        resource=resource_url(host_url=host_url), issuer=site_url(host_url=host_url)
    )
    return JsonResponse(document, headers=_CACHED)
