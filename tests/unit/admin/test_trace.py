"""The box for leaked tokens: whose it is, and an end to it, without an echo."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.models import User

from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.models import Connection, Event
from tests.factories import make_admin, make_connection, make_personal, make_user
from tests.screens import (
    GRID,
    REVOKE,
    VIEW,
    calls,
    follow,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db
BOX = f"{GRID}leaked-token/"


@pytest.fixture
def jane() -> User:
    return make_user("jane", first_name="Jane", last_name="Doe")


def paste(text: str, *, viewer: User | None = None) -> Any:
    return signed_in(viewer or make_admin()).post(BOX, {"text": text})


def test_it_says_whose_it_is_through_which_client_and_whether_it_works(
    jane: User,
) -> None:
    page = paste(f"see {make_personal(jane).text} in the log")

    text = text_of(page)
    for fact in ("Jane Doe", "nightly report", "Personal access token", "Active"):
        assert fact in text


def test_what_was_pasted_is_never_shown_again_logged_or_stored(
    jane: User, caplog: pytest.LogCaptureFixture
) -> None:
    _, pair = make_connection(jane)
    caplog.set_level(logging.DEBUG)

    browser = signed_in(make_admin())

    leaks = (pair.refresh, pair.refresh[:-1] + "-")
    pages = [browser.post(BOX, {"text": leak}) for leak in leaks]

    for page in pages:
        assert pair.refresh[:-1] not in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
    assert pair.refresh[:-1] not in caplog.text
    assert pair.refresh not in str(list(Event.objects.values()))


def test_a_token_in_the_address_is_not_looked_at(jane: User) -> None:
    token = make_personal(jane).text

    page = signed_in(make_admin()).get(BOX, {"text": token})

    assert "Jane Doe" not in text_of(page)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "Paste the token first."),
        ("hello", "There is no token of this site in it."),
        ("acp_" + "0" * 46, "There is no token of this site in it."),
        pytest.param(
            mint_secret(Prefix.PERSONAL), "none like it is known here", id="unknown"
        ),
    ],
)
def test_what_is_no_token_here_is_told_in_plain_words(text: str, sentence: str) -> None:
    assert sentence in text_of(paste(text))


def test_revoking_ends_the_connection_with_its_reason_on_record(jane: User) -> None:
    connection, pair = make_connection(jane)
    browser = signed_in(make_admin("root"))
    page = browser.post(BOX, {"text": pair.refresh})

    asked = follow(browser, page, "Revoke")
    address = asked.wsgi_request.get_full_path()
    done = browser.post(address, {"confirm": "yes"}, follow=True)

    assert "Found where it should not be" in text_of(asked)
    assert pair.refresh not in address
    connection.refresh_from_db()
    assert connection.revoked_reason == Connection.RevokedReason.LEAK
    assert str(connection.revoked_by) == "root"
    assert calls(pair.access) == 401
    assert "Found where it should not be" in text_of(done)
    assert Event.objects.filter(detail__endswith=": leak", user=jane).exists()


def test_what_was_revoked_before_says_so_without_a_button(jane: User) -> None:
    issued = make_personal(jane)
    issued.connection.revoked_at = issued.connection.created_at
    issued.connection.revoked_reason = Connection.RevokedReason.USER
    issued.connection.save()

    text = text_of(paste(issued.text))

    assert "by its user" in text
    assert "there is nothing to revoke" in text


@pytest.mark.parametrize("held", [(), (VIEW,), (REVOKE,)])
def test_who_may_not_both_see_and_revoke_is_refused(
    held: tuple[str, ...], jane: User
) -> None:
    viewer = make_user(permissions=held)

    pages = [paste(make_personal(jane).text, viewer=viewer), signed_in(viewer).get(BOX)]

    assert [page.status_code for page in pages] == [403, 403]


def test_the_grid_leads_to_it_only_whom_it_serves() -> None:
    serves, other = (
        make_user(permissions=(VIEW, REVOKE)),
        make_user(permissions=(VIEW,)),
    )

    seen = ["Leaked token" in text_of(signed_in(u).get(GRID)) for u in (serves, other)]

    assert seen == [True, False]


def test_one_who_may_not_trace_revokes_their_own_for_the_usual_reason() -> None:
    user = make_user()
    connection, _ = make_connection(user)
    address = f"{GRID}{user.pk}/tokens/{connection.public_id}/revoke/?found=yes"

    signed_in(user).post(address, {"confirm": "yes"})

    connection.refresh_from_db()
    assert connection.revoked_reason == Connection.RevokedReason.USER
