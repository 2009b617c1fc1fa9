"""The panel's settings, made fast and lonely for tests."""

from __future__ import annotations

import os

import dj_database_url

from panel.settings import *

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if os.environ.get("TEST_POSTGRES_URL"):
    DATABASES = {"default": dj_database_url.parse(os.environ["TEST_POSTGRES_URL"])}
