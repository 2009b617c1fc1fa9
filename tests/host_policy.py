"""The policy of a careful host: scripts from its own files only, none in its pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.deprecation import MiddlewareMixin


class StrictPolicy(MiddlewareMixin):
    def process_response(self, request: object, response: HttpResponse) -> HttpResponse:
        del request
        response.headers.setdefault(
            "Content-Security-Policy", "script-src 'self'; object-src 'none'"
        )
        return response
