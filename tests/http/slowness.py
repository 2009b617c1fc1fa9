"""Make saving a product take its time, so that a revoke meets writes in flight."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_save

SECONDS = float(os.environ.get("TEST_SLOW_WRITES_SECONDS", "0"))


class Slowness(AppConfig):
    """Put into `INSTALLED_APPS` of the settings for tests over HTTP."""

    name = "tests.http"
    label = "slowness"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        if SECONDS:
            post_save.connect(_dawdle, sender="shop.Product", dispatch_uid="slowness")


def _dawdle(**_: object) -> None:
    time.sleep(SECONDS)
