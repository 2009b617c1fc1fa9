"""The server's settings for attacks: every host is let in, and all is logged.

Client documents are on; what they are fetched from is a test's own world.
"""

from __future__ import annotations

from tests.http.settings import *  # noqa: F403  # built on the panel's settings

# Django's own check of the Host header hides what ours are worth.
ALLOWED_HOSTS = ["*"]
AGENT_CONNECTOR = {**AGENT_CONNECTOR, "CLIENT_ID_METADATA_DOCUMENTS": True}  # type: ignore[dict-item]  # noqa: F405  # of two kinds; the same
# At the end of the run no secret may be found in what is logged, however much that is.
LOGGING = {
    **LOGGING,  # noqa: F405  # the same
    "root": {"handlers": ["console"], "level": "DEBUG"},
    "loggers": {
        "django": {"handlers": [], "level": "DEBUG", "propagate": True},
        # It tells of each variable that a template does not find.
        "django.template": {"level": "INFO"},
    },
}
