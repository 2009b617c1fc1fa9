"""Options that several subcommands share, each said and read in one way."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from agent_connector.management.find import find_user

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from agent_connector.management.output import Output

LIMIT = 100
MOST_DAYS = 36_500


def add_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        type=count,
        default=LIMIT,
        metavar="N",
        help=f"show at most N, the first in the list's order (default {LIMIT}; 0: all)",
    )


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would change, and change nothing",
    )


def add_actor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as",
        dest="actor",
        metavar="USERNAME",
        help="put this user on record as who did it; a note, not a check: whoever may"
        " run manage.py may do all of this",
    )


def add_sure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes", action="store_true", help="do not ask; needed where nobody can answer"
    )


def limited(rows: QuerySet[Any], options: argparse.Namespace, out: Output) -> list[Any]:
    """Return as many rows as `--limit` says, and note if there are more."""
    if not options.limit:
        return list(rows)
    found = list(rows[: options.limit + 1])
    if len(found) > options.limit:
        out.note("There are more; --limit 0 shows all.")
    return found[: options.limit]


def actor_of(options: argparse.Namespace) -> User | None:
    """Return whom `--as` names; None stands on record as the machine itself.

    Raises:
        Error: there is no such user.
    """
    return find_user(options.actor) if options.actor else None


def count(text: str) -> int:
    """Read a whole number of 0 or more."""
    number = int(text)
    if not 0 <= number < 2**31:
        raise argparse.ArgumentTypeError(f"{text} is out of range")
    return number


def days(text: str) -> timedelta:
    """Read a span of whole days."""
    number = int(text)
    if not 1 <= number <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to {MOST_DAYS}")
    return timedelta(days=number)


def moment(text: str) -> datetime:
    """Read a day or a time; without an offset it is in the time zone of the site."""
    try:
        day = parse_date(text)
        at = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001  # made aware below, if the site keeps zones
        if at is None:
            raise ValueError(text)  # noqa: TRY301  # of the same kind as the parsers'
        return _in_zone(at)
    except (ValueError, OverflowError) as problem:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; write 2026-03-31 or 2026-03-31T14:00:00Z"
        ) from problem


def _in_zone(at: datetime) -> datetime:
    """Return the time as this site's database takes it: aware, or naive and local."""
    aware = timezone.make_aware(at) if timezone.is_naive(at) else at
    in_utc = aware.astimezone(
        UTC
    )  # fails here, not in the database, at the ends of time
    return in_utc if timezone.is_aware(timezone.now()) else timezone.make_naive(in_utc)
