"""The pair that a refresh token is exchanged for: derived, so that it can be repeated.

Only digests are stored. Whoever presents the same text again within the grace is given
the same pair, because it is made of that text and of random bytes in the token's row.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.secret import Prefix, digest_secret, secret_from

SALT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The two secrets of one pair."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@sensitive_variables()
def derive_texts(
    presented: str, *, salt: bytes, key: str | bytes | None = None
) -> Texts:
    """Return the pair of a refresh token's text and its row's `SALT_BYTES` bytes.

    Nobody can do so who lacks one of three: the text, the bytes, and `key`, the
    site's SECRET_KEY when it is None.
    """
    seed = salt + presented.encode()

    def derive(prefix: Prefix) -> str:
        purpose = f"agent_connector.successor.{prefix}"
        made = salted_hmac(purpose, seed, secret=key, algorithm="sha256")
        return secret_from(prefix, made.digest())

    return Texts(access=derive(Prefix.ACCESS), refresh=derive(Prefix.REFRESH))


@sensitive_variables()
def repeat_texts(
    presented: str, *, salt: bytes, stored: AbstractSet[bytes]
) -> Texts | None:
    """Return the pair again whose digests are `stored`, or None.

    The key may have been changed since: SECRET_KEY_FALLBACKS are tried as well.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        texts = derive_texts(presented, salt=salt, key=key)
        if {digest_secret(texts.access), digest_secret(texts.refresh)} <= stored:
            return texts
    return None
