"""Find whose the tokens are that turned up in some text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import router
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.secret import Prefix, digest_secret, secrets_in
from agent_connector.models import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 50
"""Tokens that one statement looks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What was found of a text, which itself is kept nowhere."""

    has_token: bool
    """Whether anything in the text has the form of a token of ours."""

    tokens: Sequence[Token]
    """The ones that were issued here, whether or not they still work."""


@sensitive_variables()
def trace_tokens(text: str) -> Trace:
    """Find access, refresh and personal tokens in `text` by their digests.

    One statement for every 50, and none if nothing has the form of a token. All are
    looked for: invented ones before a real one would hide it otherwise.
    """
    found = secrets_in(text, Prefix.ACCESS, Prefix.REFRESH, Prefix.PERSONAL)
    stored = Token.objects.using(router.db_for_write(Token))
    tokens: list[Token] = []
    for start in range(0, len(found), MOST):
        digests = [digest_secret(one) for one in found[start : start + MOST]]
        tokens += stored.filter(digest__in=digests)
    tokens.sort(key=lambda token: token.pk)
    return Trace(has_token=bool(found), tokens=tokens)
