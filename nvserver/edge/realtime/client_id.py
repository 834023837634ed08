"""Client ids that prove whose they are, without being kept anywhere.

A client id is UUID-shaped: 60 random bits, then 62 bits of an HMAC over them and the user's id. A client that comes
back with its old id keeps it only if it was given to the same user: nobody can take over another's numbers.
"""

import hmac
import secrets
import uuid
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

_PURPOSE: Final = b"notevault client id\0"


class ClientIds:
    """`keys`: the first signs, all are accepted."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        self._keys = tuple(keys)

    def new(self, user_id: str) -> str:
        """A fresh id, bound to the user."""
        nonce = bytearray(secrets.token_bytes(8))
        nonce[6] = nonce[6] & 0x0F | 0x80  # version 8 of RFC 9562: a layout of one's own
        return self._bound(self._keys[0], bytes(nonce), user_id)

    def is_bound(self, client_id: str, user_id: str) -> bool:
        """Whether the id was given to the user."""
        try:
            nonce = uuid.UUID(client_id).bytes[:8]
        except ValueError:
            return False
        return any(hmac.compare_digest(self._bound(key, nonce, user_id), client_id) for key in self._keys)

    @staticmethod
    def _bound(key: bytes, nonce: bytes, user_id: str) -> str:
        proof = bytearray(hmac.digest(key, _PURPOSE + nonce + user_id.encode(), sha256)[:8])
        proof[0] = proof[0] & 0x3F | 0x80  # the variant of RFC 9562
        return str(uuid.UUID(bytes=nonce + bytes(proof)))
