"""What is read of a detail once the connection is gone, whatever clients call themselves."""

from __future__ import annotations

import pytest

from agent_connector.audit.recorded import read_detail
from agent_connector.models import Event

Kind = Event.Kind


def told(kind: Event.Kind, detail: str) -> tuple[str, str, str] | None:
    found = read_detail(Event(kind=kind, detail=detail))
    return (found.name, str(found.why), str(found.via)) if found else None


@pytest.mark.parametrize(
    ("kind", "detail", "expected"),
    [
        (Kind.CONNECTION_OPENED, "Cursor (read)", ("Cursor", "Read only", "")),
        (
            Kind.CONNECTION_OPENED,
            "nightly (read, personal access token); manage.py",
            ("nightly", "Read only", "manage.py"),
        ),
        (
            Kind.CONNECTION_REVOKED,
            "Cursor: replaced",
            ("Cursor", "Replaced by a new sign-in of the same client", ""),
        ),
        (Kind.CONNECTION_REVOKED, "disabled", ("", "MCP access was disabled", "")),
        (
            Kind.CONNECTION_REVOKED,
            "Cursor: client; doctor",
            ("Cursor", "Removed by the doctor", "the doctor"),
        ),
        (Kind.CLIENT_REGISTERED, "Cursor (4ad8)", ("Cursor", "", "")),
        (Kind.CLIENT_REGISTERED, " (4ad8)", ("", "", "")),
    ],
)
def test_what_was_recorded_is_read_again(
    kind: Event.Kind, detail: str, expected: tuple[str, str, str]
) -> None:
    assert told(kind, detail) == expected


@pytest.mark.parametrize(
    ("kind", "name", "detail"),
    [
        (Kind.CONNECTION_OPENED, "a (read); doctor", "a (read); doctor (delete)"),
        (Kind.CONNECTION_REVOKED, "a: client; doctor", "a: client; doctor: leak"),
        (Kind.CLIENT_REGISTERED, "a (b); doctor", "a (b); doctor (4ad8)"),
    ],
)
def test_a_name_passes_for_nothing_else(
    kind: Event.Kind, name: str, detail: str
) -> None:
    found = told(kind, detail)

    assert found is not None
    assert found[0] == name
    assert found[2] == ""


def test_whether_it_was_a_personal_token_is_read_too() -> None:
    detail = "nightly (read, personal access token)"

    found = read_detail(Event(kind=Kind.CONNECTION_OPENED, detail=detail))

    assert found is not None
    assert found.is_personal


@pytest.mark.parametrize("kind", [Kind.SETTINGS_CHANGED, Kind.CONNECTION_OPENED])
def test_of_another_shape_nothing_is_read(kind: Event.Kind) -> None:
    assert told(kind, "something") is None
