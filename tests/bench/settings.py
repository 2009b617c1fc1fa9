"""The settings of the panel over HTTP, with a plain view beside the endpoint."""

from __future__ import annotations

from tests.http.settings import *  # noqa: F403  # built on these settings

ROOT_URLCONF = "tests.bench.plain_view"
