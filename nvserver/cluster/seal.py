"""Datagrams between nodes: sealed with a key that only nodes have, so that whoever can write to the bus can still not
speak for a node. Sans-IO."""

import hmac
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

_SEAL_BYTES: Final = 16
_PURPOSE: Final = b"nv between nodes"


class Seal:
    """`keys` are the cluster's secret keys: the first seals, all are accepted, so that they can be changed."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [blake2b(key, digest_size=32, person=_PURPOSE).digest() for key in keys]

    def seal(self, body: bytes) -> bytes:
        return blake2b(body, key=self._keys[0], digest_size=_SEAL_BYTES).digest() + body

    def open(self, datagram: bytes) -> bytes | None:
        """The body; None for what no node sealed."""
        seal, body = datagram[:_SEAL_BYTES], datagram[_SEAL_BYTES:]
        for key in self._keys:
            if hmac.compare_digest(blake2b(body, key=key, digest_size=_SEAL_BYTES).digest(), seal):
                return body
        return None
