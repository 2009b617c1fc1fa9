"""End the connection of a token that its client gives back (RFC 7009)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.revoke import revoke_connection
from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.models import Client, Connection, Token

if TYPE_CHECKING:
    from datetime import datetime

KNOWN = frozenset(
    {"token", "token_type_hint", "client_id", "client_secret", "client_assertion"}
)


@sensitive_variables("text")
def revoke_token(
    text: str,
    *,
    client: Client | None,
    now: datetime,
    address: str | None,
    via: str = "",
) -> None:
    """Revoke the whole connection of an access or refresh token.

    A token that is unknown or another client's is left alone without a word (section
    2.2). `client` None: the request named no client, which section 2.1 leaves open for
    public clients, and holding a token that works is proof enough: whoever holds it
    could do worse than give it back. A spent one, from an old log, proves nothing. `via`
    is for the record.
    """
    if not is_well_formed(text, Prefix.ACCESS, Prefix.REFRESH):
        return
    tokens = Token.objects.select_related("connection__user").filter(
        digest=digest_secret(text), kind__in=[Token.Kind.ACCESS, Token.Kind.REFRESH]
    )
    if client is not None:
        tokens = tokens.filter(connection__client=client)
    else:
        tokens = tokens.filter(
            connection__client__auth_method=Client.AuthMethod.NONE,
            used_at=None,
            expires_at__gt=now,
        )
    token = tokens.first()
    if token is None:
        return
    revoke_connection(
        token.connection,
        reason=Connection.RevokedReason.CLIENT,
        actor=None,
        now=now,
        address=address,
        via=via,
    )
