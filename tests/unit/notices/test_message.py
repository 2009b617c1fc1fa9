"""The mail: who, which client, when, from where, and a way to act; never a secret."""

from __future__ import annotations

import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template

from agent_connector.audit.lines import with_people
from agent_connector.audit.record import record_event
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, Event
from agent_connector.notices.message import (
    FOLDER,
    MOST_LINES,
    TEMPLATES,
    address_of,
    compose,
)
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_connection,
    make_personal,
    make_user,
)

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"ac[arpcsy]_\w{8}")


def events() -> list[Event]:
    return list(with_people(Event.objects.order_by("pk")).exclude(audience=""))


def html_of(mail: EmailMultiAlternatives) -> str:
    return str(mail.alternatives[0][0])


def record(kind: str, connection: Connection) -> Event:
    record_event(
        Event.Kind(kind),
        now=NOON,
        user=connection.user,
        connection=connection,
        address="198.51.100.9",
        audience=Event.Audience.USER,
    )
    event: Event = with_people(Event.objects.all()).latest("pk")
    return event


def test_it_says_what_happened_and_where_to_act() -> None:
    user = make_user(
        "jane", first_name="Jane", last_name="Doe", email="jane@example.com"
    )
    make_connection(user, make_client("Claude Code", host="claude.ai"), now=NOON)

    mail = compose(user, events())

    assert mail.to == ["jane@example.com"]
    assert mail.subject == ("Harbour & Pine: An AI client was connected in your name")
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    for part in (str(mail.body), html_of(mail)):
        for fact in (
            "Hello Jane Doe,",
            "Claude Code",
            "claude.ai",
            "Read and change",
            "2 Mar 2026 12:00:00 UTC",
            "192.0.2.7",
            "http://127.0.0.1:8000/admin/agent_connector/mcpuser/account/",
        ):
            assert fact in part


@pytest.mark.parametrize("kind", TEMPLATES)
@pytest.mark.parametrize("is_own", [True, False])
def test_each_kind_has_words_of_its_own(kind: Event.Kind, *, is_own: bool) -> None:
    user, admin = make_user("jane"), make_admin()
    connection = make_personal(user, now=NOON).connection
    event = record(kind, connection)

    mail = compose(user if is_own else admin, [event])

    assert mail.subject.startswith("Harbour & Pine: ")
    assert "jane" in mail.body
    assert "nightly report" in mail.body
    end = "account/" if is_own else f"{user.pk}/info/"
    assert f"/mcpuser/{end}\n" in mail.body
    assert f'/mcpuser/{end}"' in html_of(mail)
    assert not SECRET.search(f"{mail.subject}{mail.body}{html_of(mail)}")


def test_a_kind_without_words_of_its_own_is_told_by_its_name() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)

    mail = compose(user, [record("client_blocked", connection)])

    assert "News of your AI clients" in mail.subject
    assert "Client blocked" in mail.body


def test_an_alarm_is_not_buried_under_other_news() -> None:
    connection, _ = make_connection(make_user(email="jane@example.com"), now=NOON)
    for _ in range(MOST_LINES):
        record("connection_suspended", connection)
    record("refresh_reused", connection)

    mail = compose(connection.user, events())

    assert "Alarm: a token of yours was used twice" in mail.subject
    assert "Refresh token used twice" in str(mail.body)


def test_news_of_several_users_lead_to_all_of_them() -> None:
    admin = make_admin()
    for name in ("jane", "joe"):
        make_connection(make_user(name), now=NOON)

    mail = compose(admin, events())

    assert "User: jane" in mail.body
    assert "User: joe" in mail.body
    assert "http://127.0.0.1:8000/admin/agent_connector/mcpuser/\n" in mail.body


def test_news_of_somebody_who_is_gone_still_names_them() -> None:
    admin, user = make_admin(), make_user("jane")
    connection, _ = make_connection(user, now=NOON)
    gone = record("connection_revoked", connection)
    user.delete()

    mail = compose(admin, [Event.objects.get(pk=gone.pk)])

    assert "User: jane" in mail.body
    assert mail.body.count("/mcpuser/\n") == 1


def test_who_revoked_it_and_why_is_said() -> None:
    user, admin = make_user("jane"), make_admin("root")
    connection, _ = make_connection(user, make_client("Cursor"), now=NOON)
    reason = Connection.RevokedReason.ADMIN
    revoke_connection(connection, reason=reason, actor=admin, now=NOON)

    mail = compose(user, events()[-1:])

    assert "By: root" in mail.body
    assert "Revoked by an administrator" in mail.body
    assert "Client: Cursor" in mail.body


HOSTILE = 'Evil\r\nBcc: victim@example.com <script>&"\u202e'


def test_a_hostile_name_adds_no_header_and_no_markup() -> None:
    user = make_user("jane", first_name=HOSTILE, email="jane@example.com")
    make_connection(user, make_client(HOSTILE), now=NOON)
    admin = make_admin(email="root@example.com")

    mail = compose(admin, events())

    sent = message_from_bytes(mail.message().as_bytes())
    assert sent["To"] == "root@example.com"
    assert "Bcc" not in sent
    assert "<script>" not in html_of(mail)
    assert '<script>&"' in mail.body


def test_it_speaks_the_language_of_the_site_not_of_who_sends(settings: Any) -> None:
    user = make_user("jane")
    make_connection(user, now=NOON)
    settings.LANGUAGE_CODE = "de"

    mail = compose(user, events())

    assert '<html lang="de"' in html_of(mail)
    assert "Lesen und ändern" in mail.body


def test_without_an_address_of_the_site_it_has_no_link(settings: Any) -> None:
    user = make_user("jane")
    make_connection(user, now=NOON)
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "SITE_URL": ""}

    mail = compose(user, events())

    assert "http" not in mail.body
    assert "href" not in html_of(mail)


def test_a_project_puts_its_own_words_there(settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "new_connection.subject.txt").write_text("{{ site_name }}\nsays hello")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    user = make_user("jane")
    make_connection(user, now=NOON)

    assert compose(user, events()).subject == "Harbour & Pine says hello"


@pytest.mark.parametrize("name", [*sorted(set(TEMPLATES.values())), "digest"])
@pytest.mark.parametrize("end", ["subject.txt", "txt", "html"])
def test_every_template_is_there(name: str, end: str) -> None:
    assert get_template(f"{FOLDER}/{name}.{end}") is not None


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"email": " jane@example.com "}, "jane@example.com"),
        ({"email": ""}, ""),
        ({"email": "jane@example.com", "is_active": False}, ""),
    ],
)
def test_only_who_is_active_and_has_an_address_is_mailed(
    fields: dict[str, Any], address: str
) -> None:
    assert address_of(make_user(**fields)) == address
