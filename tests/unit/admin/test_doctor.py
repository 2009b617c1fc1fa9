"""The doctor's page: asked by POST alone, by those who may, and not without end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from agent_connector.admin import doctor
from agent_connector.doctor.finding import Blame, Probe, Result, failed, ok, skipped
from agent_connector.doctor.run import Report
from tests.factories import NOON, make_admin, make_user
from tests.screens import VIEW, signed_in, text_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/agent_connector/connectorsettings/doctor/"
BLAME = Blame(cause="The proxy drops it.", fix="proxy_set_header Authorization;")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stand in for the run itself, and note in whose name it was."""
    names: list[Any] = []

    def examine(*, user: Any, actor: Any, **_facts: Any) -> Report:
        assert actor.get_username() == "root"
        names.append(user and user.get_username())
        return Report(
            site="https://shop.example",
            at=NOON,
            findings=(
                ok(Probe.SWITCH, "on"),
                failed(Probe.AUTHORIZATION, "401", BLAME),
                skipped(Probe.TOOLS, "Mend first what failed."),
            ),
            clients=(),
        )

    monkeypatch.setattr(doctor, "examine", examine)
    # At one moment: the limit is counted by the minute.
    monkeypatch.setattr(doctor, "timezone", SimpleNamespace(now=lambda: NOON))
    return names


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def test_looking_asks_nothing(browser: Client, asked: list[Any]) -> None:
    assert browser.get(PAGE).status_code == 200
    assert asked == []


def test_what_fails_is_shown_with_its_cause_and_what_to_copy(
    browser: Client, asked: list[Any]
) -> None:
    text = text_of(browser.post(PAGE, {"connect": "on"}))

    assert asked == ["root"]
    assert "The Authorization header arrives" in text
    assert "The proxy drops it." in text
    assert BLAME.fix in text
    assert "Mend first what failed." in text


def test_unticked_no_connection_is_tried(browser: Client, asked: list[Any]) -> None:
    browser.post(PAGE, {})

    assert asked == [None]


def test_it_is_not_run_without_end(browser: Client, asked: list[Any]) -> None:
    answers = [browser.post(PAGE, {}) for _ in range(doctor.LIMIT.most + 1)]

    assert len(asked) == doctor.LIMIT.most
    assert answers[-1].status_code == doctor.TOO_MANY_REQUESTS
    assert "Wait a minute" in text_of(answers[-1])


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_permission_there_is_nothing(method: str, asked: list[Any]) -> None:
    nobody = signed_in(make_user(permissions=(VIEW,)))

    assert getattr(nobody, method)(PAGE).status_code == 403
    assert asked == []


def test_what_needs_a_hand_comes_first() -> None:
    caching = failed(Probe.CACHING, "-", BLAME)
    report = Report(
        site="", at=NOON, findings=(ok(Probe.SWITCH, "on"), caching), clients=()
    )

    shown = doctor.Shown(report=report)

    assert shown.to_mend == [caching]
    assert (shown.failed_count, shown.warning_count) == (1, 0)
    assert [one.result for one in shown.right] == [Result.OK]
