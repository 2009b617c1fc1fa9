"""The panel's settings, made fast and lonely for tests."""

from __future__ import annotations

import os

from panel.database import read_database_url
from panel.settings import *

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS = [*INSTALLED_APPS, "tests.awkward"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

DATABASES = {
    "default": {
        **read_database_url(os.environ.get("TEST_POSTGRES_URL") or "sqlite://:memory:"),
        "CONN_MAX_AGE": 0,
    }
}
if os.environ.get("TEST_POSTGRES_URL"):
    # Whatever the server's own encoding is; and a test need not survive a power cut.
    DATABASES["default"]["TEST"] = {"CHARSET": "UTF8", "TEMPLATE": "template0"}
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
