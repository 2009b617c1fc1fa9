"""The panel's own settings, but for what costs time here, or is to; and one proxy."""

from __future__ import annotations

import os
from pathlib import Path

import django

from panel.settings import *  # noqa: F403  # built on the panel's settings

INSTALLED_APPS = [*INSTALLED_APPS, "tests.http.slowness.Slowness"]  # noqa: F405  # the same
# Slow on purpose elsewhere; here people sign in a hundred times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files need not be collected first.
STORAGES = {
    **STORAGES,  # noqa: F405  # the same
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# As behind one proxy, so that tests can come from more than one address.
AGENT_CONNECTOR = {**AGENT_CONNECTOR, "TRUSTED_PROXIES": 1}  # type: ignore[dict-item]  # noqa: F405  # of two kinds; the same
if "TEST_ANY_NUMBER_OF_CALLS" in os.environ:
    AGENT_CONNECTOR["CALLS_PER_MINUTE"] = 0  # type: ignore[assignment]  # of two kinds
if "TEST_MAIL_DIR" in os.environ:
    _MAIL_DIR = Path(os.environ["TEST_MAIL_DIR"])
    if django.VERSION >= (6, 1):
        MAILERS = {
            "default": {**MAILERS["default"], "OPTIONS": {"file_path": _MAIL_DIR}}  # noqa: F405  # the same
        }
    else:
        EMAIL_FILE_PATH = _MAIL_DIR
