"""An answer has a size that any client can take."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.shortened import MAX_ANSWER_BYTES
from tests.awkward.things import make_thing, work_on_awkward_site
from tests.callers import call, failure_of, last_call, make_caller

pytestmark = pytest.mark.django_db


def test_what_only_reads_is_refused_when_it_is_too_long(settings: Any) -> None:
    work_on_awkward_site(settings)
    texts = ["x" * 1000] * 100
    thing = make_thing(details={str(number): texts for number in range(5)})

    failure = failure_of(
        make_caller(), "get_record", model="awkward.thing", id=thing.pk
    )

    assert failure.code == "too_long"
    assert str(MAX_ANSWER_BYTES) in failure.message
    assert last_call().outcome == "failed"


def test_what_was_done_stays_done_when_its_answer_is_too_long(settings: Any) -> None:
    work_on_awkward_site(settings)
    thing, caller = make_thing(), make_caller()
    texts = ["x" * 1000] * 100
    details = {str(number): texts for number in range(5)}

    answer = call(
        caller,
        "update_record",
        model="awkward.thing",
        id=thing.pk,
        values={"details": details},
    )

    thing.refresh_from_db()
    assert thing.details == details
    assert "changed" not in answer
    assert "`changed`" in answer["truncated"]
    assert answer["history"]
    assert last_call().outcome == "done"
