"""Workers killed at random moments: a change and its record are there together or not."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.http.hand import run_sql
from tests.http.killing import CATEGORY, PRODUCT, Killing
from tests.http.person import Person
from tests.http.server import Site, running_site
from tests.http.wire import register

QUICK = pytest.param(10, id="quick")
LONG = pytest.param(200, id="long", marks=pytest.mark.reliability)
WRITERS = 6
SETTLED_SECONDS = 2
"""In which the database notices that a client of its own is gone."""

WRITES = ("create_record", "update_record", "delete_records", "run_action")


@dataclass(slots=True)
class Verdict:
    """What does not fit together, one line each."""

    without_record: list[str] = field(default_factory=list)
    without_change: list[str] = field(default_factory=list)
    changes: int = 0

    def compare(self, what: str, changed: set[Any], recorded: set[Any]) -> None:
        self.changes += len(changed)
        self.without_record += [f"{what} {one}" for one in sorted(changed - recorded)]
        self.without_change += [f"{what} {one}" for one in sorted(recorded - changed)]


@pytest.mark.parametrize("kills", [QUICK, LONG])
def test_no_change_without_its_record_and_no_record_without_its_change(
    tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_site(tmp_path, TEST_ANY_NUMBER_OF_CALLS="yes") as site:
        before = _stocks(site)
        with Person(site.url) as admin:
            admin.sign_in("admin")
            clients = [register(site) for _ in range(WRITERS)]
            accesses = [one.tokens(admin, level="delete").access for one in clients]
        killing = Killing(
            site=site, accesses=accesses, products=sorted(before)[:WRITERS]
        )
        killing.run(kills)
        time.sleep(SETTLED_SECONDS)
        verdict = _verdict_on(site, before=before)

    with capsys.disabled():
        print(  # noqa: T201  # a figure
            f"\n  {kills} workers killed: {killing.calls} calls answered,"
            f" {killing.cut_off} cut off; {verdict.changes} changes,"
            f" {len(verdict.without_record)} of them without a record,"
            f" {len(verdict.without_change)} records without their change"
        )
    assert killing.failures == []
    assert killing.cut_off > 0
    assert verdict.changes >= kills
    assert (verdict.without_record, verdict.without_change) == ([], [])


def _verdict_on(site: Site, *, before: dict[str, int]) -> Verdict:
    done = _done_calls(site)
    verdict = Verdict()
    named = "SELECT id, name FROM shop_category WHERE name LIKE ?"
    rows = run_sql(site, named, "Killed%")
    created = {_created(one): one["object"] for one in done["create_record"]}
    deleted = {one["object"] for one in done["delete_records"]}
    there = {str(pk): name for pk, name in rows}
    gone = set(created.values()) - there.keys()
    left = {name for name, pk in created.items() if pk not in gone}
    verdict.compare("created", set(there.values()), left)
    verdict.compare("deleted", gone, deleted)
    _compare_descriptions(site, done["update_record"], verdict)
    _compare_stocks(site, done["run_action"], before, verdict)
    _compare_history(site, verdict)
    return verdict


def _created(one: dict[str, Any]) -> str:
    return str(one["arguments"]["values"]["name"])


def _compare_descriptions(
    site: Site, calls: list[dict[str, Any]], verdict: Verdict
) -> None:
    """Follow each product through its records: what one left, the next one found."""
    present = dict(run_sql(site, "SELECT id, description FROM shop_product"))
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for call in calls:
        [change] = call["changes"]
        told[call["object"]].append((change["before"], change["after"]))
    for pk, steps in told.items():
        found = [before for before, _after in steps[1:]] + [present[int(pk)]]
        left = [after for _before, after in steps]
        verdict.compare(f"description of {pk}", set(found), set(left))


def _compare_stocks(
    site: Site, calls: list[dict[str, Any]], before: dict[str, int], verdict: Verdict
) -> None:
    added: dict[str, int] = defaultdict(int)
    for call in calls:
        added[call["object"]] += int(call["arguments"]["form"]["pieces"])
    verdict.changes += len(calls) - len(added)
    present = _stocks(site)
    verdict.compare(
        "stock",
        {(pk, number) for pk, number in present.items() if number != before[pk]},
        {(pk, before[pk] + number) for pk, number in added.items()},
    )


def _compare_history(site: Site, verdict: Verdict) -> None:
    """Each entry of the admin's history belongs to a call, and the other way round."""
    entries = run_sql(site, "SELECT id FROM django_admin_log")
    linked = run_sql(
        site,
        "SELECT r.log_entry_id FROM agent_connector_changedrecord r"
        " JOIN agent_connector_toolcall c ON c.id = r.tool_call_id"
        " WHERE c.outcome = 'done'",
    )
    counted = verdict.changes
    verdict.compare("entry", {pk for [pk] in entries}, {pk for [pk] in linked})
    verdict.changes = counted


def _stocks(site: Site) -> dict[str, int]:
    rows = run_sql(site, "SELECT id, stock FROM shop_product")
    return {str(pk): int(stock) for pk, stock in rows}


def _done_calls(site: Site) -> dict[str, list[dict[str, Any]]]:
    """Return what is on record as done, by tool, the oldest first."""
    rows = run_sql(
        site,
        "SELECT tool, model, object_id, arguments, changes FROM agent_connector_toolcall"
        " WHERE outcome = 'done' ORDER BY id",
    )
    calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for tool, model, object_id, arguments, changes in rows:
        if tool in WRITES:
            assert model in {CATEGORY, PRODUCT}
            calls[tool].append(
                {
                    "object": object_id,
                    "arguments": _read(arguments),
                    "changes": _read(changes),
                }
            )
    return calls


def _read(stored: Any) -> Any:
    """Return a JSON column, which SQLite hands out as text."""
    return json.loads(stored) if isinstance(stored, str) else stored
