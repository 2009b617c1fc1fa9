"""A prepared statement does what the queryset does that it was made of."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    connection,
    connections,
    transaction,
)
from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Value, When

from agent_connector.connections.secret import digest_secret
from agent_connector.models import Client, Connection, MCPAccess, Token, ToolCall
from agent_connector.models.prepared import (
    PreparedInsert,
    PreparedQuestion,
    PreparedUpdate,
    Slot,
)
from tests.factories import NOON, make_client, make_connection, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db

DIGEST: Any = Slot("digest", Token._meta.get_field("digest"))
KEY = Slot("key", Connection._meta.pk)


def bearers(digest: Any) -> Any:
    """Return rows with relations, one of them empty, and an annotation."""
    named = Client.objects.filter(pk=OuterRef("connection__client"))
    return (
        Token.objects.using(DEFAULT_DB_ALIAS)
        .select_related("connection__user__mcp_access", "connection__client", "parent")
        .annotate(is_named=Exists(named))
        .filter(digest=digest)
    )


def state_of(row: Any) -> dict[str, Any]:
    held = dict(vars(row)) if row is not None else {}
    state = held.pop("_state", None)
    return {**held, "state": state and (state.adding, state.db)}


def states_of(token: Any) -> list[dict[str, Any]]:
    """Return what the row holds, and what the rows hold that come with it."""
    user = token.connection.user
    rows = (token, token.parent, token.connection, token.connection.client, user)
    return [state_of(row) for row in (*rows, user.mcp_access)]


def test_a_question_finds_the_very_row_of_its_queryset() -> None:
    user = make_user()
    texts = [make_connection(user, make_client(), now=NOON)[1] for _number in range(2)]
    question: PreparedQuestion[Token] = PreparedQuestion(bearers(DIGEST))

    for text in (texts[0].access, texts[1].refresh, texts[1].access):
        digest = digest_secret(text)
        with statements() as asked:
            found = question.first(digest=digest)
        assert found is not None
        assert len(asked) == 1
        with statements() as further:
            ours = states_of(found)
        assert not further
        assert ours == states_of(bearers(digest).get())


def test_a_question_finds_nothing_where_nothing_is() -> None:
    question: PreparedQuestion[Token] = PreparedQuestion(bearers(DIGEST))

    assert question.first(digest=b"\0" * 32) is None


def test_a_question_is_asked_anew_each_time() -> None:
    text = make_connection(make_user(), now=NOON)[1].access
    question: PreparedQuestion[Token] = PreparedQuestion(bearers(DIGEST))
    before = question.first(digest=digest_secret(text))
    MCPAccess.objects.update(enabled=False)

    after = question.first(digest=digest_secret(text))

    assert before is not None
    assert after is not None
    assert before.connection.user.mcp_access.enabled
    assert not after.connection.user.mcp_access.enabled


def test_threads_ask_with_their_own_values() -> None:
    """A prepared statement is shared: asking must leave it as it is."""
    question: PreparedQuestion[Token] = PreparedQuestion(bearers(DIGEST))
    start = threading.Barrier(8)

    def asked(number: int) -> bool:
        if number < 8:
            start.wait()
        _text, params = question._asking({"digest": bytes([number]) * 32}).as_sql()  # noqa: SLF001
        return any(bytes([number]) * 32 == _bytes(one) for one in params)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(asked, range(200)))


def _bytes(param: Any) -> bytes | None:
    held = getattr(param, "obj", param)
    return bytes(held) if isinstance(held, (bytes, memoryview)) else None


def changed(at: Any) -> dict[str, Any]:
    later = When(last_used_at__gt=at, then=F("last_used_at"))
    counted = When(last_used_at__lte=at, then=F("calls_in_window") + 1)
    return {
        "last_used_at": Case(later, default=at),
        "calls_in_window": Case(counted, default=Value(1)),
        "refused_in_row": 0,
    }


def test_an_update_changes_what_its_queryset_changes() -> None:
    ours, theirs = (make_connection(make_user(), now=NOON)[0] for _each in range(2))
    rows = Connection.objects.using(DEFAULT_DB_ALIAS)
    at: Any = Slot("at", DateTimeField())
    update = PreparedUpdate(rows.filter(pk=KEY), **changed(at))

    for hours in (1, 3, 2):
        moment = NOON + timedelta(hours=hours)
        assert update(key=ours.pk, at=moment) == 1
        assert rows.filter(pk=theirs.pk).update(**changed(Value(moment))) == 1

    [mine], [other] = (
        rows.filter(pk=one.pk).values_list("last_used_at", "calls_in_window")
        for one in (ours, theirs)
    )
    assert mine == other
    assert update(key=0, at=NOON) == 0


def call_of(user: Any, **changes: Any) -> ToolCall:
    facts = {
        "at": NOON,
        "user_id": user.pk,
        "user_name": "jäne",
        "client_name": "Cursor",
        "tool": "whoami",
        "outcome": ToolCall.Outcome.DONE,
        "duration": timedelta(milliseconds=12),
        "arguments": {"fields": {"price": [1, None, "é"]}},
        "changes": [],
        "address": "2001:db8::7",
        **changes,
    }
    return ToolCall(**facts)


@pytest.mark.parametrize("changes", [{}, {"user_id": None, "address": None}])
def test_an_insert_writes_the_row_that_save_would_write(
    changes: dict[str, Any],
) -> None:
    user = make_user()
    ours, theirs = call_of(user, **changes), call_of(user, **changes)

    with statements() as made:
        PreparedInsert(ToolCall, using=DEFAULT_DB_ALIAS)(ours)
    theirs.save()

    stored: dict[Any, Any] = ToolCall.objects.in_bulk()
    mine, other = (dict(vars(stored[one.pk])) for one in (ours, theirs))
    for row in (mine, other):
        del row["id"], row["_state"]
    assert mine == other
    assert ours.pk != theirs.pk
    assert len(made) == 1
    assert state_of(ours) == {**state_of(theirs), "id": ours.pk}


def _fails_to_insert() -> None:
    PreparedInsert(ToolCall, using=DEFAULT_DB_ALIAS)(
        call_of(make_user(), user_name=None)
    )


def _fails_to_update() -> None:
    made, _ = make_connection(make_user(), now=NOON)
    public: Any = Slot("public", Connection._meta.get_field("public_id"))
    rows = Connection.objects.using(DEFAULT_DB_ALIAS).filter(pk=KEY)
    PreparedUpdate(rows, public_id=public)(key=made.pk, public=None)


@pytest.mark.parametrize("fails", [_fails_to_insert, _fails_to_update])
def test_what_fails_leaves_nothing_of_its_transaction(
    fails: Callable[[], None],
) -> None:
    with transaction.atomic():
        make_client("not to stay")
        with pytest.raises(DatabaseError):
            fails()
        assert connection.needs_rollback, "somebody might go on and commit"

    assert not Client.objects.filter(name="not to stay").exists()


@pytest.mark.django_db(transaction=True)
def test_no_connection_outlives_its_thread() -> None:
    """Under ASGI each request has a thread, and so a connection, of its own."""
    question: PreparedQuestion[Token] = PreparedQuestion(bearers(DIGEST))
    used: list[Any] = []

    def ask() -> None:
        question.first(digest=b"\0" * 32)
        used.append(weakref.ref(connections[DEFAULT_DB_ALIAS]))
        connections.close_all()

    for _request in range(3):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    gc.collect()

    assert [one() for one in used] == [None] * 3
