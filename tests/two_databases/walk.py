"""Add and change records of another database; `python -m tests.two_databases.walk`.

A process of its own: the databases of a process are set up once. Says what failed, by
assertion.
"""

from __future__ import annotations

import os

import django
from django.core.management import call_command
from django.db import connections
from django.test.utils import setup_test_environment


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.two_databases.settings"
    django.setup()
    setup_test_environment()
    for alias in connections:
        call_command("migrate", database=alias, run_syncdb=True, verbosity=0)
    from tests.two_databases import steps  # noqa: PLC0415  # needs the apps

    steps.changes_are_made_where_the_record_lives()
    steps.a_call_that_is_cut_changes_neither_database()


if __name__ == "__main__":
    main()
