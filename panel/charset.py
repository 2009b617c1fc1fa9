"""Refuse forms that are not in UTF-8, before Django reads them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

FORM = "application/x-www-form-urlencoded"


class FormsInUTF8Middleware:
    """Stands before `CsrfViewMiddleware`, which is the first to read a form.

    Django refuses other encodings too, but its error page reads the form again, fails
    again, and ends as a 500. Views without CSRF checks judge their bodies themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, *_: Any
    ) -> HttpResponse | None:
        """Answer 415, or nothing where the form can be read."""
        encoding = request.encoding  # None unless the content type names one
        if getattr(view, "csrf_exempt", False) or request.content_type != FORM:
            return None
        if encoding is None or encoding.lower() == "utf-8":
            return None
        return HttpResponse(
            "Send forms in UTF-8.\n",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            content_type="text/plain; charset=utf-8",
        )
