"""The tests' settings with places in a database of their own."""

from __future__ import annotations

from typing import Any

from tests import settings as one_database
from tests.settings import *  # noqa: F403  # built on the tests' settings

DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
    "places": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
}
DATABASE_ROUTERS = ["tests.two_databases.settings.PlacesApart"]
ROOT_URLCONF = "tests.awkward.urls"
AGENT_CONNECTOR = {
    **one_database.AGENT_CONNECTOR,
    "ADMIN_SITE": "tests.awkward.admin.site",
}


class PlacesApart:
    """Keeps places in one database and everything else in the other."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return "places" if model.__name__ == "Place" else "default"

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str = "", **_hints: Any
    ) -> bool:
        del app_label
        return (db == "places") == (model_name == "place")
