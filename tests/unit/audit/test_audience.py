"""Who is told of an event: one setting a kind, and one for administrators."""

from __future__ import annotations

import pytest

from agent_connector.audit.audience import (
    ADMINISTRATORS_TOO,
    SETTINGS,
    audience_of,
)
from agent_connector.models import Event
from agent_connector.policy.settings import NAMES


@pytest.mark.parametrize("kind", SETTINGS)
@pytest.mark.parametrize(
    ("own", "administrators", "audience"),
    [
        (True, False, Event.Audience.USER),
        (True, True, Event.Audience.ADMINISTRATORS),
        (False, True, Event.Audience.NOBODY),
        (False, False, Event.Audience.NOBODY),
    ],
)
def test_the_setting_of_its_kind_decides(
    kind: Event.Kind, *, own: bool, administrators: bool, audience: Event.Audience
) -> None:
    values = dict.fromkeys(NAMES, not own)
    values |= {SETTINGS[kind]: own, ADMINISTRATORS_TOO: administrators}

    assert audience_of(kind, values.__getitem__) == audience
