"""What has to be true where a model lives in another database than the record."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models.signals import post_save
from django.utils import timezone

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, ToolCall
from tests.awkward.models import Place
from tests.callers import call, failure_of, make_caller

CELLAR: dict[str, Any] = {"model": "awkward.place", "id": "c/1"}


def changes_are_made_where_the_record_lives() -> None:
    caller = make_caller()

    values = {"code": "c/1", "name": "Cellar"}
    call(caller, "create_record", model="awkward.place", values=values)
    call(caller, "update_record", **CELLAR, values={"name": "Attic"})

    assert Place.objects.using("places").get().name == "Attic"
    assert LogEntry.objects.using("default").count() == 2


def a_call_that_is_cut_changes_neither_database() -> None:
    caller = make_caller()

    def cut(**_signal: Any) -> None:
        reason = Connection.RevokedReason.USER
        now = timezone.now()
        revoke_connection(caller.connection, reason=reason, actor=None, now=now)

    post_save.connect(cut, sender=LogEntry)
    failure = failure_of(caller, "update_record", **CELLAR, values={"name": "x"})

    assert failure.code == "connection_ended"
    assert Place.objects.using("places").get().name == "Attic"
    assert ToolCall.objects.latest("pk").outcome == "refused"
