"""Which numbered requests of which clients were accepted already, so that a resend is applied once."""

from collections import deque

import msgspec

from nvserver.core.changes import Author
from nvserver.errors import Conflict


class RequestForgotten(Exception):
    """The number is not new and not in memory: look `(client_id, client_seq)` up in the op log; found, it is a
    duplicate (`check_resend`); not found, it was refused the first time and may be decided now."""


class FirstResult(msgspec.Struct, frozen=True):
    """The request `client_seq` of a client became the entry `seq`."""

    client_seq: int
    seq: int
    payload_hash: bytes | None


class _Accepted(msgspec.Struct, frozen=True):
    seq: int
    payload_hash: bytes | None


def check_resend(payload_hash: bytes | None, first_hash: bytes | None) -> None:
    """Raise `Conflict` when a number comes again with another payload than the first time. Of what was redacted since
    (`first_hash` None) nobody knows the payload: whatever comes counts as the same."""
    if first_hash is not None and payload_hash != first_hash:
        raise Conflict("This clientSeq was used for another request")


class RequestTable:
    """Invariant: `last` holds every client that ever had a request accepted; `_recent` the newest requests of all."""

    __slots__ = ("_max_remembered", "_order", "_recent", "last")

    def __init__(self, last: dict[str, int], max_remembered: int) -> None:
        self.last = last
        """Client id to the highest number accepted from it."""
        self._max_remembered = max_remembered
        self._recent: dict[tuple[str, int], _Accepted] = {}
        self._order: deque[tuple[str, int]] = deque()

    def first_result(self, author: Author) -> int | None:
        """The seq the request got before, None when it is new.

        Raises `Conflict` for another payload under the same number, `RequestForgotten` when memory cannot tell."""
        client_id, client_seq = author.client_id, author.client_seq
        if client_id is None or client_seq is None or client_seq > self.last.get(client_id, 0):
            return None
        accepted = self._recent.get((client_id, client_seq))
        if accepted is None:
            raise RequestForgotten
        check_resend(author.payload_hash, accepted.payload_hash)
        return accepted.seq

    def accept(self, author: Author, seq: int) -> None:
        """Note that the request became the entry `seq`."""
        client_id, client_seq = author.client_id, author.client_seq
        if client_id is None or client_seq is None:
            return
        if client_seq > self.last.get(client_id, 0):
            self.last[client_id] = client_seq
        key = (client_id, client_seq)
        self._recent[key] = _Accepted(seq, author.payload_hash)
        self._order.append(key)
        if len(self._order) > self._max_remembered:
            del self._recent[self._order.popleft()]
