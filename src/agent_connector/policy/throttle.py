"""How often something may fail: counted in the database, for all workers together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import router, transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from agent_connector.models import Throttle

SALT = "agent_connector.policy.throttle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` times within one window of time.

    Windows follow each other without overlap, so that two bursts across the border of
    two windows make twice `most` at once, and never more.
    """

    most: int
    window: timedelta

    def began(self, *, at: datetime) -> datetime:
        """Return when the window that `at` lies in began."""
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(
            int(at.timestamp()) // seconds * seconds, tz=at.tzinfo
        )

    def ends(self, *, at: datetime) -> datetime:
        """Return when the next window begins, and with it a new count."""
        return self.began(at=at) + self.window


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is counted, and about whom: a user's primary key, an address."""

    scope: Throttle.Scope
    whom: str

    @property
    def key(self) -> bytes:
        """The 32 bytes that stand for whom, so that the table names nobody."""
        return salted_hmac(SALT, self.whom, algorithm="sha256").digest()


def take_turn(buckets: Sequence[Bucket], *, limit: Limit, now: datetime) -> bool:
    """Take a place in each bucket before the try, or in none, and say which.

    The place is taken by one conditional UPDATE a bucket: of many tries at one moment
    no more than `limit.most` go on, in whatever worker. A try that succeeds gives
    its place back; one that fails, or dies half-way, keeps it. Callers name their
    buckets in one order, so that none waits for another in a circle.
    """
    for bucket in buckets:
        _open(bucket, limit=limit, now=now)
    with transaction.atomic(using=router.db_for_write(Throttle)):
        taken = [_take(bucket, limit=limit, now=now) for bucket in buckets]
        if not all(taken):
            for bucket, was_taken in zip(buckets, taken, strict=True):
                if was_taken:
                    _counted(bucket, limit=limit, now=now).update(count=F("count") - 1)
        return all(taken)


def is_full(bucket: Bucket, *, limit: Limit, now: datetime) -> bool:
    """Say, without writing, whether no place is left: for what is tried very often."""
    counted = _counted(bucket, limit=limit, now=now)
    return counted.filter(count__gte=limit.most).exists()


def give_back(buckets: Sequence[Bucket], *, limit: Limit, now: datetime) -> None:
    """Undo `take_turn` of the same `now`, whose try has succeeded."""
    for bucket in buckets:
        taken = _counted(bucket, limit=limit, now=now).filter(count__gt=0)
        taken.update(count=F("count") - 1)


def _open(bucket: Bucket, *, limit: Limit, now: datetime) -> None:
    """Make sure that there is a row to count in, and drop those of windows past."""
    window = limit.began(at=now)
    mine = Throttle.objects.filter(scope=bucket.scope, key=bucket.key)
    if mine.filter(window=window).exists():
        return
    mine.filter(window__lt=window).delete()
    Throttle.objects.bulk_create(
        [Throttle(scope=bucket.scope, key=bucket.key, window=window)],
        ignore_conflicts=True,
    )


def _take(bucket: Bucket, *, limit: Limit, now: datetime) -> bool:
    free = _counted(bucket, limit=limit, now=now).filter(count__lt=limit.most)
    return bool(free.update(count=F("count") + 1))


def _counted(bucket: Bucket, *, limit: Limit, now: datetime) -> QuerySet[Throttle]:
    """Return the row, if there is one, that counts this bucket at this moment."""
    return Throttle.objects.filter(
        scope=bucket.scope, key=bucket.key, window=limit.began(at=now)
    )
