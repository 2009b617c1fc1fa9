"""Settings under which as much as possible is written down, for a search in it.

SQL with its parameters, error reports with what the variables held, and a cache
that can be read. `TEST_KEPT_FOLDER` is where reports and cache go.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.db.backends.signals import connection_created

from tests.attacks.settings import *  # noqa: F403  # built on the panel's settings

_KEPT = Path(os.environ["TEST_KEPT_FOLDER"])

ADMINS = [("Owner", "owner@example.com")]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = _KEPT / "mail"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": _KEPT / "cache",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
LOGGING = {
    **LOGGING,  # noqa: F405  # the same
    "handlers": {
        **LOGGING["handlers"],  # type: ignore[dict-item]  # noqa: F405  # a dict, too
        "reports": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "include_html": True,
        },
    },
    "root": {"handlers": ["console", "reports"], "level": "DEBUG"},
}


def _log_statements(*, connection: Any, **_: object) -> None:
    connection.force_debug_cursor = True


connection_created.connect(_log_statements, dispatch_uid="loud")
