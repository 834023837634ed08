"""Answers of repeated requests, remembered by this process."""

from collections import OrderedDict

import msgspec
import trio

from nvserver.errors import Conflict, Unavailable
from nvserver.ports.idempotency import DAY_MS, WAIT_SECONDS, RequestKey, StoredAnswer


class _Kept(msgspec.Struct, frozen=True):
    fingerprint: bytes
    answer: StoredAnswer
    kept_until: int


class _Held(msgspec.Struct, frozen=True):
    fingerprint: bytes
    released: trio.Event


class MemoryIdempotencyStore:
    """Fills the port `IdempotencyStore`. The oldest answers go first once bodies take more than `max_bytes`."""

    def __init__(self, *, max_bytes: int = 16 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._held: dict[RequestKey, _Held] = {}
        self._kept: OrderedDict[RequestKey, _Kept] = OrderedDict()
        self._bytes = 0

    async def claim(self, request: RequestKey, fingerprint: bytes, at: int) -> StoredAnswer | None:
        """See `IdempotencyStore.claim`."""
        with trio.move_on_after(WAIT_SECONDS):
            while held := self._held.get(request):
                _check(held.fingerprint, fingerprint)
                await held.released.wait()
            self._drop_old(at)
            if kept := self._kept.get(request):
                _check(kept.fingerprint, fingerprint)
                return kept.answer
            self._held[request] = _Held(fingerprint, trio.Event())
            return None
        raise Unavailable("The same request is still being worked on")

    async def settle(self, request: RequestKey, answer: StoredAnswer | None, at: int) -> None:
        """See `IdempotencyStore.settle`."""
        held = self._held.pop(request)
        if answer is not None:
            self._kept[request] = _Kept(held.fingerprint, answer, at + DAY_MS)
            self._bytes += _size(request, answer)
            self._drop_old(at)
        held.released.set()

    def _drop_old(self, at: int) -> None:
        while self._kept:
            request, kept = next(iter(self._kept.items()))
            if kept.kept_until > at and self._bytes <= self._max_bytes:
                return
            del self._kept[request]
            self._bytes -= _size(request, kept.answer)


def _check(first: bytes, fingerprint: bytes) -> None:
    if first != fingerprint:
        raise Conflict("This Idempotency-Key was used for another request")


def _size(request: RequestKey, answer: StoredAnswer) -> int:
    """Bytes, about: what the entry itself takes counts too."""
    return len(answer.body) + len(request.scope) + len(request.key) + 512
