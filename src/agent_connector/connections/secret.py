"""Make, recognise and digest the random strings that clients carry."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from enum import StrEnum

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_CHARACTERS = 40
"""Base62 characters drawn from `secrets`: about 238 bits, past any guessing."""
_CHECKSUM_CHARACTERS = 6
SEED_BYTES = 32
_FORM = re.compile(
    rf"ac[arpcs]_[0-9A-Za-z]{{{_RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS}}}", re.ASCII
)


class Prefix(StrEnum):
    """What a secret is for, readable by people and by secret scanners."""

    ACCESS = "aca"
    REFRESH = "acr"
    PERSONAL = "acp"
    CODE = "acc"
    CLIENT_SECRET = "acs"  # noqa: S105  # a prefix, not a secret


def mint_secret(prefix: Prefix) -> str:
    """Return a fresh secret: prefix, `_`, 40 random characters, 6 of checksum."""
    return secret_from(prefix, secrets.token_bytes(SEED_BYTES))


def secret_from(prefix: Prefix, seed: bytes) -> str:
    """Return the secret that belongs to 32 bytes nobody can guess, always the same.

    The bytes are more than 40 characters hold, so that each text is as likely as
    another, to one part in 200,000.
    """
    number = int.from_bytes(seed) % len(_ALPHABET) ** _RANDOM_CHARACTERS
    body = _base62(number, width=_RANDOM_CHARACTERS)
    return f"{prefix}_{body}{_checksum_of(prefix, body)}"


def is_well_formed(text: str, *prefixes: Prefix) -> bool:
    """Say whether `text` can be a secret of one of these kinds.

    Junk and typing errors are refused here, without a question to the database.
    """
    if not _FORM.fullmatch(text) or text[:3] not in prefixes:
        return False
    body = text[4:-_CHECKSUM_CHARACTERS]
    return text.endswith(_checksum_of(text[:3], body))


def secrets_in(text: str, *prefixes: Prefix) -> list[str]:
    """Return the secrets of these kinds that stand anywhere in `text`, each once."""
    found = dict.fromkeys(_FORM.findall(text))
    return [one for one in found if is_well_formed(one, *prefixes)]


def digest_secret(text: str) -> bytes:
    """Return the SHA-256 of a secret, 32 bytes: the only form that is stored.

    A slow, salted hash protects guessable passwords. These are 238 random bits, so
    a plain hash is as strong and can be looked up by index.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def hint_of(text: str) -> str:
    """Return the last four characters, to tell one token from another on screen."""
    return text[-4:]


def _checksum_of(prefix: str, body: str) -> str:
    """Return CRC-32 of prefix and body as six base62 digits, as the form ends in."""
    number = zlib.crc32(f"{prefix}_{body}".encode())
    return _base62(number, width=_CHECKSUM_CHARACTERS)


def _base62(number: int, *, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return digits
