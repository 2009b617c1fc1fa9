"""Do an act, or do it and take it back, so that a dry run says exactly what would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import router, transaction

from agent_connector.models import Connection

T = TypeVar("T")


def act(do: Callable[[], T], *, dry_run: bool) -> T:
    """Return what `do` did, all in one transaction; a dry run leaves nothing of it.

    Signals wait for a commit, so that a dry run sends none.
    """
    using = router.db_for_write(Connection)
    with transaction.atomic(using=using):
        done = do()
        transaction.set_rollback(dry_run, using=using)
    return done
