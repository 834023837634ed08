"""Faults on the line to PostgreSQL that hit a chosen message: the proxy reads the frontend protocol (version 3)."""

import random
from collections import Counter
from collections.abc import Callable

from nvserver.testing.fault_proxy import PASS, SWALLOW, Verdict

_APPEND = b"INSERT INTO ops"
_STARTUP_BYTES = 4


class LoseAppendAnswer:
    """Cuts the line after an append went out and was committed, before its answer comes through (the commit's outcome
    is then unknown to the server behind). `is_due` is asked at each append.

    An append is one statement, so its Sync message is its COMMIT. With `waits`, the line is cut when PostgreSQL has
    answered, so that the commit is certain; without, at once, so that it may or may not happen.
    """

    def __init__(self, is_due: Callable[[], bool], waits: Callable[[], bool], counts: Counter[str]) -> None:
        self._is_due = is_due
        self._waits = waits
        self._counts = counts
        self._reader = _Messages()
        self._appends: set[bytes] = set()
        self._is_append_bound = False
        self._is_losing = False

    def sees_request(self, piece: bytes) -> Verdict:
        for kind, body in self._reader.feed(piece):
            if kind == b"P":
                name, _, query = body.partition(b"\0")
                self._appends.discard(name)
                if _APPEND in query:
                    self._appends.add(name)
            elif kind == b"B":
                statement = body.split(b"\0", 2)[1]
                self._is_append_bound = statement in self._appends
            elif kind == b"S" and self._is_append_bound:
                self._is_append_bound = False
                self._counts["appends"] += 1
                if self._is_due():
                    if not self._waits():
                        return Verdict(None, is_cut=True, name="cut with the commit")
                    self._is_losing = True
        return PASS

    def sees_answer(self, piece: bytes) -> Verdict:
        if not self._is_losing:
            return PASS
        if piece[-6:-1] == b"Z\0\0\0\5":  # ReadyForQuery: the transaction is over
            return Verdict(0, is_cut=True, name="cut after the commit")
        return SWALLOW


class _Messages:
    """Cuts the client's stream into messages; the first one, the startup packet, has no type."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._is_started = False

    def feed(self, piece: bytes) -> list[tuple[bytes, bytes]]:
        self._data += piece
        messages: list[tuple[bytes, bytes]] = []
        while True:
            start = 1 if self._is_started else 0
            if len(self._data) < start + _STARTUP_BYTES:
                return messages
            length = int.from_bytes(self._data[start : start + 4], "big")
            end = start + length
            if len(self._data) < end:
                return messages
            if self._is_started:
                messages.append((bytes(self._data[:1]), bytes(self._data[5:end])))
            elif self._data[4:8] != b"\x04\xd2\x16\x2f":  # SSLRequest: the startup packet follows it
                self._is_started = True
            del self._data[:end]


def by_chance(chance: random.Random, share: float) -> Callable[[], bool]:
    """True now and then."""
    return lambda: chance.random() < share
