"""Where the screens about users are: one address each, and the method it takes."""

from __future__ import annotations

import pytest
from django.contrib.admin import site

from agent_connector.admin.screens import screen_patterns
from tests.factories import make_admin, make_user
from tests.screens import screen, signed_in

LOOKS = ("info", "effective", "tokens", "change")
ASKS = ("access", "revoke")


def test_every_address_has_a_name_but_the_bare_object() -> None:
    patterns = screen_patterns(site, grid=lambda _request: None)  # type: ignore[arg-type,return-value]  # not called

    assert [one.name for one in patterns].count(None) == 1
    assert len({str(one.pattern) for one in patterns}) == len(patterns)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*LOOKS, *ASKS])
def test_a_screen_that_only_shows_takes_no_form(name: str) -> None:
    answer = signed_in(make_admin()).post(screen(name, make_user()))

    assert (answer.status_code == 405) == (name in LOOKS)
