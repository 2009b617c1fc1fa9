"""A client known by the document that it published: fetched, kept, fetched anew."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import transaction

from agent_connector.audit.record import record_event
from agent_connector.models import Client, Event, Throttle
from agent_connector.oauth.document import ClientDocument, parse_document
from agent_connector.oauth.document_url import place_of_document
from agent_connector.oauth.errors import InvalidClientMetadata
from agent_connector.oauth.fetch import Fetched, FetchFailed, Reason, fetch
from agent_connector.oauth.limits import count_document
from agent_connector.oauth.pruning import prune_clients
from agent_connector.policy.throttle import Bucket, Limit, give_back, take_turn

if TYPE_CHECKING:
    from django.contrib.auth.models import User


logger = logging.getLogger(__name__)

FAILURES = Limit(most=3, window=timedelta(minutes=1))
"""Of one URL, in all workers: after these it is left alone until the minute ends."""
AT_ONCE = Limit(most=4, window=timedelta(seconds=10))
"""Fetches that run at one moment, in all workers. A place that a dying worker took is
free again when the window, twice the deadline, has passed."""

_ALL = [Bucket(Throttle.Scope.DOCUMENT_FETCH, "")]


def document_client(url: str) -> Client | None:
    """Return a client that nothing is known of but the place of its document.

    Not stored. None: `url` cannot be a client id.
    """
    place = place_of_document(url)
    if place is None:
        return None
    return Client(
        client_id=url, kind=Client.Kind.DOCUMENT, name=place[0], host=place[0]
    )


def fetch_client(url: str, *, user: User, now: datetime, address: str | None) -> None:
    """Fetch the document at `url` and store what it says, in the name of `user`.

    Ask only for people who may connect a client, and outside a transaction: it takes
    seconds, and the places taken must be seen by the other workers. What nobody uses
    of earlier ones is removed.

    Raises:
        TooManyRequests: this person made us fetch too often.
        FetchFailed: no sound document; nothing was stored.
    """
    count_document(user, now=now)
    document, fetched = read_document(url, now=now)
    prune_clients(now=now)
    told = {
        "name": document.name,
        "redirect_uris": document.redirect_uris,
        "document_expires_at": now + fetched.fresh_for,
    }
    with transaction.atomic():
        before = _store(url, told, now=now, address=address)
        if set(before.redirect_uris) == set(document.redirect_uris):
            return
        change = f"{before.redirect_uris} → {document.redirect_uris}"
        record_event(
            Event.Kind.CLIENT_CHANGED,
            now=now,
            actor=user,
            address=address,
            detail=f"{before.name} ({url}): {change}",
        )


def read_document(url: str, *, now: datetime) -> tuple[ClientDocument, Fetched]:
    """Return the sound document at `url`, if this is the moment to ask for it.

    Raises:
        FetchFailed: no sound document, or too many attempts.
    """
    try:
        fetched = _fetch_in_turn(url, now=now)
        document = parse_document(fetched.body, url=url)
    except InvalidClientMetadata as error:
        logger.info("document %s refused: %s", url, error.detail)
        raise FetchFailed(Reason.CONTENT, error.detail) from error
    except FetchFailed as error:
        logger.info("document %s not read: %s", url, error)
        raise
    give_back(_of(url), limit=FAILURES, now=now)
    return document, fetched


def _fetch_in_turn(url: str, *, now: datetime) -> Fetched:
    """Fetch unless the URL failed too often or too many others are being fetched."""
    if not take_turn(_of(url), limit=FAILURES, now=now):
        raise FetchFailed(Reason.BUSY)
    if not take_turn(_ALL, limit=AT_ONCE, now=now):
        give_back(_of(url), limit=FAILURES, now=now)
        raise FetchFailed(Reason.BUSY)
    try:
        return fetch(url)
    finally:
        give_back(_ALL, limit=AT_ONCE, now=now)


def _of(url: str) -> list[Bucket]:
    return [Bucket(Throttle.Scope.DOCUMENT_URL, url)]


def _store(
    url: str, told: dict[str, Any], *, now: datetime, address: str | None
) -> Client:
    """Create the client or bring it up to date; return it as it was before.

    An UPDATE of what the document says, never of the whole row: a block of the same
    moment stays. Connections keep what they were opened with.
    """
    client, _ = Client.objects.select_for_update().get_or_create(
        client_id=url,
        defaults={
            **told,
            "kind": Client.Kind.DOCUMENT,
            "host": urlsplit(url).netloc,
            "created_at": now,
            "created_from": address,
        },
    )
    Client.objects.filter(pk=client.pk, kind=Client.Kind.DOCUMENT).update(**told)
    return client
