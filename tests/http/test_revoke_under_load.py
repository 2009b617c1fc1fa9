"""Sixteen clients call without pause while an administrator revokes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from tests.http.admin_pages import GRID, revoke_all, rows_of, set_access, user_pk
from tests.http.hand import run_sql
from tests.http.load import CLIENTS, Load, Round, message, tool_call
from tests.http.person import Person, form_for
from tests.http.seed import PASSWORD
from tests.http.server import WORKERS, Site, running_site
from tests.http.wire import post_call, register

QUICK = pytest.param(4, id="quick")
LONG = pytest.param(50, id="long", marks=pytest.mark.reliability)
QUICK_WRITES = pytest.param(20, id="quick")
LONG_WRITES = pytest.param(200, id="long", marks=pytest.mark.reliability)
SLOW_SECONDS = 0.03
GRACE_SECONDS = 0.05
"""What a change may still take to be committed once the revoke is answered."""

Press = Callable[[], httpx.Response]


def _one_token(admin: Person, pk: str) -> Press:
    page = admin.get(f"{GRID}{pk}/tokens/")
    links = [link for row in rows_of(page.text) for link in row.links]
    [link] = [link for link in links if link.partition("?")[0].endswith("/revoke/")]
    return _confirming(admin, admin.get(link))


def _all_of_a_user(admin: Person, pk: str) -> Press:
    return _confirming(admin, admin.get(f"{GRID}{pk}/revoke/"))


def _disabling(admin: Person, pk: str) -> Press:
    page = admin.get(f"{GRID}{pk}/info/")
    form = form_for(page, field="access", value="disabled")
    return lambda: admin.post(page, form, access="disabled", password=PASSWORD)


def _mass(admin: Person, pk: str) -> Press:
    grid = admin.get(GRID)
    form = form_for(grid, field="action", value="revoke")
    page = admin.submit(grid, form, action="revoke", _selected_action=[pk], index="0")
    return _confirming(admin, page)


def _confirming(admin: Person, page: httpx.Response) -> Press:
    form = form_for(page, field="confirm", value="yes")
    return lambda: admin.post(page, form, confirm="yes")


WAYS = (_one_token, _all_of_a_user, _disabling, _mass)


@dataclass(slots=True)
class Figures:
    """What all rounds of a test amount to."""

    calls: int = 0
    late: int = 0
    late_accepted: int = 0
    strange: set[int] = field(default_factory=set)
    workers: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)

    def add(self, done: Round) -> None:
        self.calls += len(done.calls)
        self.late += len(done.late)
        self.late_accepted += sum(call.status == 200 for call in done.late)
        self.strange |= {call.status for call in done.calls} - {200, 401}
        self.workers |= {call.worker for call in done.late}
        self.seconds.append(done.answered - done.pressed)

    def __str__(self) -> str:
        slowest = sorted(self.seconds)
        p95 = slowest[int(len(slowest) * 0.95)]
        return (
            f"{self.calls} calls, {self.late} begun after the answer,"
            f" {self.late_accepted} of them accepted; revoke answered within"
            f" {p95 * 1000:.0f} ms (p95), {slowest[-1] * 1000:.0f} ms (max)"
        )


@pytest.mark.parametrize("rounds", [QUICK, LONG])
def test_no_call_is_accepted_that_begins_after_the_answer(
    site: Site, admin: Person, rounds: int, capsys: pytest.CaptureFixture[str]
) -> None:
    is_long = rounds > len(WAYS)
    figures = Figures()
    product, pk = _products(site)[0], user_pk(admin, "editor")
    change = {"model": "shop.product", "id": product, "values": {"price": "12.50"}}
    messages = [
        message("tools/list"),
        tool_call("search_records", model="shop.product", limit=1),
        tool_call("whoami"),
        tool_call("update_record", **change),
    ]

    with Person(site.url) as editor:
        editor.sign_in("editor")
        register(site).tokens(editor)
        revoke_all(admin, "editor")  # what other tests have left
        for number in range(rounds):
            way = WAYS[number % len(WAYS)]
            clients = [register(site) for _ in range(1 if way is _one_token else 4)]
            accesses = [client.tokens(editor).access for client in clients]
            load = Load(
                site=site,
                accesses=accesses * (CLIENTS // len(accesses)),
                messages=[messages] * CLIENTS,
                before=500 if is_long else 100,
                late_each=32 if is_long else 8,
            )
            figures.add(load.run(way(admin, pk)))
            if way is _disabling:
                set_access(admin, "editor", "enabled")

    with capsys.disabled():
        print(f"\n  revoke under load: {figures}")  # noqa: T201  # a figure
    assert figures.late_accepted == 0
    assert figures.strange == set()
    assert len(figures.workers) == WORKERS
    assert figures.calls >= (50_000 if is_long else 500)


def _products(site: Site) -> list[str]:
    found = run_sql(site, "SELECT id FROM shop_product ORDER BY id")
    return [str(pk) for [pk] in found]


@pytest.fixture(scope="module")
def slow_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on which a change of a product takes 30 ms before its commit."""
    folder = tmp_path_factory.mktemp("slow")
    with running_site(folder, TEST_SLOW_WRITES_SECONDS=str(SLOW_SECONDS)) as running:
        yield running
        running.assert_sound()


@pytest.mark.parametrize("enough", [QUICK_WRITES, LONG_WRITES])
def test_no_change_is_committed_later_than_a_moment_after_the_answer(
    slow_site: Site, enough: int, capsys: pytest.CaptureFixture[str]
) -> None:
    in_flight = late = committed = 0
    products = _products(slow_site)
    with Person(slow_site.url) as admin, Person(slow_site.url) as editor:
        admin.sign_in("admin")
        editor.sign_in("editor")
        pk = user_pk(admin, "editor")
        while in_flight < enough:
            access = register(slow_site).tokens(editor).access
            load = Load(
                site=slow_site,
                accesses=[access] * CLIENTS,
                messages=[[_change(product)] for product in products[:CLIENTS]],
                before=CLIENTS,
                late_each=1,
            )
            press = _all_of_a_user(admin, pk)
            counted: list[int] = []

            def revoke(
                press: Press = press, counted: list[int] = counted
            ) -> httpx.Response:
                answer = press()
                time.sleep(GRACE_SECONDS)
                counted.append(_changes(slow_site))
                return answer

            done = load.run(revoke)
            in_flight += len(done.in_flight)
            committed += sum(call.status == 200 for call in done.in_flight)
            late += _changes(slow_site) - counted[0]
            assert {call.status for call in done.calls} <= {200, 401}
            assert post_call(slow_site, access).status_code == 401

    with capsys.disabled():
        print(  # noqa: T201  # a figure
            f"\n  writes in flight at a revoke: {in_flight}, {committed} of them"
            f" committed, {late} later than {GRACE_SECONDS * 1000:.0f} ms after it"
        )
    assert late == 0


def _change(product: str) -> bytes:
    values = {"price": "12.50"}
    return tool_call("update_record", model="shop.product", id=product, values=values)


def _changes(site: Site) -> int:
    [[number]] = run_sql(
        site,
        "SELECT COUNT(*) FROM agent_connector_toolcall"
        " WHERE tool = 'update_record' AND outcome = 'done'",
    )
    return int(number)
