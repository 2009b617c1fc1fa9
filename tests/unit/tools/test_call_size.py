"""An answer has a size that any client can take."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.call import MAX_ANSWER_BYTES
from tests.awkward.things import make_thing, work_on_awkward_site
from tests.callers import failure_of, last_call, make_caller

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
