"""The client of the trial: registered, on record as the doctor's, and removed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from agent_connector.audit.record import record_event
from agent_connector.audit.recorded import registration_detail
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Client, Connection, Event
from agent_connector.oauth.registration import store_client

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from agent_connector.connections.open import Consent
    from agent_connector.doctor.examination import Examination

CLIENT_NAME = "AI Agent Connector Doctor"
REDIRECT_URI = "http://127.0.0.1/agent-connector-doctor"
"""Where nothing is ever sent: the code does not leave this process."""


def register_client(exam: Examination, user: User, *, now: datetime) -> Client:
    """Store the client and put that on record at once, with the way that it came.

    Of any other client that is told by its first use, which knows of no such way.
    """
    client = store_client(
        kind=Client.Kind.DYNAMIC,
        name=CLIENT_NAME,
        redirect_uris=[REDIRECT_URI],
        auth_method=Client.AuthMethod.NONE,
        created_at=now,
        created_from=exam.address,
        first_used_at=now,
        last_used_at=now,
    ).client
    record_event(
        Event.Kind.CLIENT_REGISTERED,
        now=now,
        user=user,
        actor=exam.actor,
        address=exam.address,
        detail=registration_detail(client),
        via=exam.via,
    )
    return client


def leave_nothing(exam: Examination, client: Client, consent: Consent) -> None:
    """Revoke the connection if the last step has not; remove it, and the client.

    Its events and its call stay, and name the user and the doctor. It itself would be
    one revoked token more in that user's list with each run, and tell nobody anything.
    """
    for connection in Connection.objects.filter(public_id=consent.public_id):
        revoke_connection(
            connection,
            reason=Connection.RevokedReason.CLIENT,
            actor=exam.actor,
            now=timezone.now(),
            address=exam.address,
            via=exam.via,
        )
        connection.delete()
    client.delete()
