"""What the doctor's page tells and asks: a real run, and no token of it shown."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from agent_connector.admin import doctor
from agent_connector.doctor import run
from agent_connector.doctor.clients import ClientVerdict, Outlook
from agent_connector.doctor.finding import Blame, Probe, failed, ok, skipped, warning
from agent_connector.doctor.run import Report
from tests.doctoring import SITE, Request, Way
from tests.factories import NOON, make_admin, make_user
from tests.screens import signed_in, text_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/agent_connector/connectorsettings/doctor/"
BOX = 'name="connect"'


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stand in for the run itself, at one moment, and note what it was told."""
    runs: list[dict[str, Any]] = []

    def examine(**facts: Any) -> Report:
        runs.append(facts)
        return Report(
            site=SITE, at=NOON, findings=(ok(Probe.SWITCH, "on"),), clients=()
        )

    monkeypatch.setattr(doctor, "examine", examine)
    monkeypatch.setattr(doctor, "timezone", SimpleNamespace(now=lambda: NOON))
    return runs


def test_a_real_run_shows_what_is_right_and_none_of_its_tokens(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.extend(request.headers.get("Authorization", "").split()[1:])

    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "SITE_URL": SITE}
    monkeypatch.setattr(run, "Wire", partial(Way, before=note))
    monkeypatch.setattr(
        run, "probe_outbound", lambda _exam: skipped(Probe.OUTBOUND, "no way out")
    )

    page = signed_in(make_admin("root")).post(PAGE, {"connect": "on"})

    assert "A tool is called" in text_of(page)
    assert "whoami: root" in text_of(page)
    tokens = {one for one in sent if one.startswith("aca_")}
    assert len(tokens) == 3  # nobody's, the first, and the one after the refresh
    shown = page.content.decode()
    assert not any(token in shown for token in tokens)
    assert not any(prefix in shown for prefix in ("aca_", "acr_", "acc_"))


def test_the_run_is_told_from_where_and_at_which_address_it_was_asked(
    told: list[dict[str, Any]],
) -> None:
    admin = make_admin()
    browser = signed_in(admin)

    browser.post(PAGE, {}, REMOTE_ADDR="192.0.2.7", headers={"Host": "localhost"})

    assert told == [
        {
            "now": NOON,
            "user": None,
            "actor": admin,
            "address": "192.0.2.7",
            "host_url": "http://localhost/",
        }
    ]


def test_all_administrators_share_the_limit(told: list[dict[str, Any]]) -> None:
    one, other = signed_in(make_admin("one")), signed_in(make_admin("other"))
    for _ in range(doctor.LIMIT.most):
        assert one.post(PAGE, {}).status_code == 200

    refused = other.post(PAGE, {})

    assert refused.status_code == 429
    assert "The doctor was run too often. Wait a minute." in text_of(refused)
    assert len(told) == doctor.LIMIT.most
    assert other.get(PAGE).status_code == 200  # to look asks nothing


def test_the_permission_is_enough(told: list[dict[str, Any]]) -> None:
    keeper = signed_in(
        make_user(permissions=("agent_connector.change_connectorsettings",))
    )

    assert keeper.post(PAGE, {}).status_code == 200
    assert len(told) == 1


def test_who_signs_in_nowhere_is_sent_to_do_so(told: list[dict[str, Any]]) -> None:
    assert Client().post(PAGE, {}).status_code == 302
    assert told == []


@pytest.mark.parametrize("enabled", [True, False])
def test_a_real_connection_is_offered_to_those_who_may_connect(
    *, enabled: bool
) -> None:
    page = signed_in(make_admin(enabled=enabled)).get(PAGE)

    assert (BOX in page.content.decode()) is enabled
    assert ("your own MCP access is disabled" in text_of(page)) is not enabled


@pytest.mark.usefixtures("told")
def test_the_box_stays_as_it_was_left() -> None:
    browser = signed_in(make_admin())

    ticked = browser.post(PAGE, {"connect": "on"}).content.decode()
    unticked = browser.post(PAGE, {}).content.decode()

    assert f"{BOX} checked" in ticked
    assert BOX in unticked
    assert f"{BOX} checked" not in unticked


def test_failures_come_before_warnings() -> None:
    remark = warning(Probe.HTTPS, "-", Blame())
    fault = failed(Probe.HOST, "-", Blame())
    left = skipped(Probe.TOOLS, "later")
    report = Report(site=SITE, at=NOON, findings=(remark, fault, left), clients=())

    shown = doctor.Shown(report=report)

    assert shown.to_mend == [fault, remark]
    assert (shown.failed_count, shown.warning_count) == (1, 1)
    assert shown.skipped == [left]


def test_each_cure_stands_on_the_page_once() -> None:
    fault = failed(Probe.HOST, "-", Blame(fix="HOST"))
    clients = tuple(
        ClientVerdict(key=fix, title=fix, result=Outlook.FAILED, fix=fix)
        for fix in ("HOST", "SITE", "SITE", "")
    )
    report = Report(site=SITE, at=NOON, findings=(fault,), clients=clients)

    shown = doctor.Shown(report=report)

    assert [one.fix for one in shown.clients] == ["", "SITE", "", ""]


def test_the_headline_tells_of_clients_that_the_site_keeps_out(
    monkeypatch: pytest.MonkeyPatch, told: list[dict[str, Any]]
) -> None:
    away = ClientVerdict(key="chatgpt", title="ChatGPT", result=Outlook.OUT_OF_REACH)
    monkeypatch.setattr(
        doctor,
        "examine",
        lambda **_facts: Report(
            site=SITE, at=NOON, findings=(ok(Probe.SWITCH, "on"),), clients=(away,)
        ),
    )

    text = text_of(signed_in(make_admin()).post(PAGE, {}))

    assert "Everything on this site is right; 1 client needs a public address" in text
    assert "Out of reach ChatGPT" in text
    assert "Does not work" not in text
    assert told == []
