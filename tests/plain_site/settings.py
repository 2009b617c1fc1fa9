"""A host project with Django's own admin and users, and a strict policy for scripts."""

from __future__ import annotations

from tests.unfold_site.settings import *  # noqa: F403  # the same without Unfold

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "unfold"]  # noqa: F405  # the same
MIDDLEWARE = ["tests.host_policy.StrictPolicy", *MIDDLEWARE]  # noqa: F405  # the same
