"""One tool call, and who may see what it said."""

from __future__ import annotations

import pytest

from tests.calls import make_call
from tests.factories import make_admin, make_user
from tests.screens import signed_in, text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/agent_connector/toolcall/"


def test_the_page_shows_all_that_is_on_record() -> None:
    call = make_call(address="192.0.2.9")

    text = text_of(signed_in(make_admin()).get(f"{LIST}{call.pk}/"))

    for told in ("jane", "Claude Code", "get_record", "12 ms", "192.0.2.9"):
        assert told in text
    assert "confidential" in text


def test_arguments_need_a_permission_of_their_own() -> None:
    call = make_call()
    auditor = make_user("auditor", permissions=("agent_connector.view_toolcall",))

    text = text_of(signed_in(auditor).get(f"{LIST}{call.pk}/"))

    assert "get_record" in text
    assert "confidential" not in text
    assert "not what they said" in text


def test_a_call_that_is_not_there_is_404() -> None:
    assert signed_in(make_admin()).get(f"{LIST}4711/").status_code == 404


def test_the_user_is_named_as_in_the_list() -> None:
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    call = make_call(user=jane)
    auditor = make_user("auditor", permissions=("agent_connector.view_toolcall",))

    full = text_of(signed_in(make_admin()).get(f"{LIST}{call.pk}/"))
    own = text_of(signed_in(auditor).get(f"{LIST}{call.pk}/"))

    assert "User Jane Doe jane Client" in full
    assert "User jane Client" in own
