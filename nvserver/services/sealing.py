"""Encrypting small secrets that the server has to read again, under its own keys."""

import hashlib
from collections.abc import Sequence
from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12


class Sealer:
    """AES-256-GCM (NIST SP 800-38D), bound to a context, so that what was sealed for one thing opens for no other."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """`keys`: the first seals, all open."""
        self._ciphers = [
            AESGCM(hashlib.blake2b(key, digest_size=32, person=b"notevault-seal").digest()) for key in keys
        ]

    def seal(self, plain: bytes, context: str) -> bytes:
        """A nonce and what is encrypted with it."""
        nonce = token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes | None:
        """None for what was sealed under a key that is no longer ours, for another context, or was changed."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
            except InvalidTag:
                continue
        return None
