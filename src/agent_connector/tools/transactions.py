"""One transaction for a call: what it writes and its record, in whichever databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import transaction

_open: ContextVar[ExitStack] = ContextVar("agent_connector_transactions")


@contextmanager
def one_transaction(alias: str) -> Iterator[None]:
    """Commit at the end what is written to `alias`, and to all that `join` it meanwhile.

    On an error nothing is committed anywhere. Two databases commit one after the
    other, that of the record last.
    """
    with ExitStack() as stack:
        token = _open.set(stack)
        stack.callback(_open.reset, token)
        join(alias)
        yield


def join(alias: str) -> None:
    """Write to `alias`, too, in the transaction of the call that is under way.

    A transaction of one's own would be committed before the caller is judged again.
    """
    _open.get().enter_context(transaction.atomic(using=alias))
