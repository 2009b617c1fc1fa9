"""The panel as a WSGI application."""

from __future__ import annotations

import os
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panel.settings")


class Request(WSGIRequest):
    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """Ignore a charset such as hex, as Django does with those it does not know.

        It finds a codec of that name, which is none of text, and trips over it before
        any middleware could answer.
        """
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # no stub
        except LookupError:
            self._encoding = None


application = get_wsgi_application()
application.request_class = Request
