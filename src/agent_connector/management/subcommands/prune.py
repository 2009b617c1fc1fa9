"""Remove what is older than it is kept for."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from agent_connector.audit.record import record_event
from agent_connector.audit.retention import (
    old_calls,
    old_codes,
    old_events,
    old_windows,
    remove,
)
from agent_connector.management.ending import ending_between_steps
from agent_connector.management.options import (
    MOST_DAYS,
    actor_of,
    add_actor,
    add_dry_run,
    days,
)
from agent_connector.management.output import DONE
from agent_connector.models import Event
from agent_connector.oauth.pruning import prune_clients, stale
from agent_connector.policy.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from agent_connector.management.output import Output

HELP = """\
Remove what is older than it is kept for.

Let it run every night. Tool calls go after as many days as Settings say; with them go
used authorization codes after a day, counts of past limits, and clients that nobody
uses. Events, which say who did what to access, connections and clients, stay unless you
say how old they may get.

It works in short steps, so that the site goes on meanwhile. Stopped half-way, it has
removed a part, which is on record, and can be started again.

examples:
  manage.py agent_connector prune --dry-run
  manage.py agent_connector prune
  manage.py agent_connector prune --events-older-than 1095
"""
VIA = "manage.py agent_connector prune"
ON_RECORD = ("tool_calls", "events")
"""Of these the removal is itself an event."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--calls-older-than",
        type=days,
        metavar="DAYS",
        help="instead of what Settings say",
    )
    parser.add_argument(
        "--events-older-than",
        type=days,
        metavar="DAYS",
        help="remove events, too, which otherwise stay for ever",
    )
    add_actor(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    now, actor = timezone.now(), actor_of(options)
    old = _old(options, now=now)
    if options.dry_run:
        counts = {name: rows.count() for name, rows in old.items()}
        counts["clients"] = stale(now=now).count()
    else:
        counts = _remove(old, out, actor=actor, now=now)
    would = "would go" if options.dry_run else "removed"
    out.result(
        {"dry_run": options.dry_run, **counts},
        *(
            f"{_words(name).capitalize()}: {count} {would}."
            for name, count in counts.items()
        ),
    )
    return DONE


def _old(options: argparse.Namespace, *, now: datetime) -> dict[str, QuerySet[Any]]:
    kept_for = options.calls_older_than or read_settings().tool_call_retention
    at_most = timedelta(days=MOST_DAYS)  # code may say `timedelta.max`, for ever
    before = now - min(kept_for, at_most)
    old: dict[str, QuerySet[Any]] = {"tool_calls": old_calls(before=before)}
    if options.events_older_than:
        old["events"] = old_events(before=now - options.events_older_than)
    return {
        **old,
        "authorization_codes": old_codes(now=now),
        "past_limits": old_windows(now=now),
    }


def _remove(
    old: dict[str, QuerySet[Any]], out: Output, *, actor: User | None, now: datetime
) -> dict[str, int]:
    """Remove all of it; what went is on record also if the work is cut short."""
    counts = dict.fromkeys([*old, "clients"], 0)
    with ending_between_steps() as is_to_end:
        try:
            for name, count in _steps(old, now=now):
                counts[name] += count
                out.progress(f"Removed {counts[name]:,} {_words(name)} ...")
                if is_to_end():
                    break
        finally:
            out.end_progress()
            _record(counts, actor=actor, now=now)
    return counts


def _steps(
    old: dict[str, QuerySet[Any]], *, now: datetime
) -> Iterator[tuple[str, int]]:
    """Remove a few rows at a time, and yield of what they were and how many."""
    for name, rows in old.items():
        for count in remove(rows):
            yield name, count
    for count in iter(lambda: prune_clients(now=now), 0):
        yield "clients", count


def _record(counts: dict[str, int], *, actor: User | None, now: datetime) -> None:
    removed = [
        f"{_words(name)}: {counts[name]}" for name in ON_RECORD if counts.get(name)
    ]
    if removed:
        record_event(
            Event.Kind.RECORD_PRUNED,
            now=now,
            actor=actor,
            detail=", ".join(removed),
            via=VIA,
        )


def _words(name: str) -> str:
    return name.replace("_", " ")
