"""Which call wrote an entry of the history: told by our own rows, never by its text."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from agent_connector.audit.behind import calls_behind
from agent_connector.models import ChangedRecord, ToolCall
from panel.shop.models import Category, Product
from tests.calls import make_call
from tests.factories import NOON, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db


def log(user: Any, *, object_id: str = "7", message: str = "Changed.") -> LogEntry:
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Category),
        object_id=object_id,
        object_repr="Lamps",
        action_flag=CHANGE,
        change_message=message,
    )


def link(call: ToolCall, entry: LogEntry, *, object_id: str = "7") -> None:
    ChangedRecord.objects.create(
        tool_call=call,
        model="shop.category",
        object_id=object_id,
        at=NOON,
        log_entry=entry,
    )


def test_the_call_behind_an_entry_is_the_one_that_wrote_it() -> None:
    jane = make_user("jane")
    call, entry = make_call(user=jane), log(jane)
    link(call, entry)

    assert calls_behind([entry, log(jane)]) == {entry.pk: call}


def test_a_text_that_names_a_client_is_no_proof() -> None:
    entry = log(make_user(), message="Changed Name. Via Claude Code.")

    assert calls_behind([entry]) == {}


def test_an_entry_that_took_the_number_of_another_is_not_taken_for_it() -> None:
    jane, joe = make_user("jane"), make_user("joe")
    other_object, other_user = log(jane, object_id="8"), log(joe)
    for entry in (other_object, other_user):
        link(make_call(user=jane), entry)

    assert calls_behind([other_object, other_user]) == {}


def test_however_many_entries_cost_one_statement_without_what_was_said() -> None:
    jane = make_user("jane")
    entries = [log(jane) for _ in range(5)]
    for entry in entries:
        link(make_call(user=jane), entry)

    with statements() as seen:
        found = calls_behind(entries)

    assert len(found) == 5
    assert len(seen) == 1
    assert "arguments" not in seen[0]
    assert '"changes"' not in seen[0]


def test_what_the_site_does_with_its_history_is_not_hindered() -> None:
    jane = make_user("jane")
    call, entry = make_call(user=jane), log(jane)
    link(call, entry)

    LogEntry.objects.all().delete()
    log(jane).delete()
    jane.delete()

    assert ChangedRecord.objects.get().tool_call == call
    call.delete()
    assert not ChangedRecord.objects.exists()


def test_an_entry_of_a_model_that_is_gone_is_nobodys() -> None:
    jane = make_user("jane")
    entry = log(jane)
    link(make_call(user=jane), entry)
    entry.content_type = None
    entry.save()

    assert calls_behind([entry]) == {}


def test_an_entry_of_another_model_is_not_taken_for_it() -> None:
    jane = make_user("jane")
    entry = log(jane)
    link(make_call(user=jane), entry)
    entry.content_type = ContentType.objects.get_for_model(Product)
    entry.save()

    assert calls_behind([entry]) == {}
