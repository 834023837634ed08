"""Refresh tokens: opaque, used once, each one's successor derived from it.

Deriving instead of drawing the successor means that however many times a token is used inside the grace, on whichever
node, every use is told the same successor: a lost answer can be given again, and a family never forks.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from secrets import token_urlsafe
from typing import Final

TOKEN_BYTES: Final = 32
LONGEST_TOKEN: Final = 128
"""Characters; ours have 43. Anything longer was not made here."""


def first_token() -> str:
    """A new family's first token."""
    return token_urlsafe(TOKEN_BYTES)


def successors(token: str, keys: Sequence[bytes]) -> Iterator[str]:
    """The token that follows under each of the server's keys, the signing one first."""
    for key in keys:
        secret = hashlib.blake2b(key, digest_size=TOKEN_BYTES, person=b"notevault-next").digest()
        derived = hmac.digest(secret, token.encode(), "sha256")
        yield urlsafe_b64encode(derived).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What the store keeps: 32 bytes. A token is random, so one fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()
