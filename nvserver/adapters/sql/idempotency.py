"""Answers of repeated requests on SQL: one text for both databases, one memory for all nodes."""

import hashlib
from secrets import token_bytes
from typing import Final

import msgspec
import trio

from nvserver.adapters.sql.database import Database, Statement
from nvserver.errors import Conflict, Unavailable
from nvserver.ports.idempotency import DAY_MS, HOLD_MS, WAIT_SECONDS, RequestKey, StoredAnswer

_POLL_SECONDS: Final = 0.1
"""How often somebody else's request is looked at: it may be on another node."""

_DROP_OLD: Final = "DELETE FROM answers WHERE until_at <= $1"

_HOLD: Final = """
    INSERT INTO answers (request, fingerprint, holder, until_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (request) DO NOTHING RETURNING request"""

_LOOK: Final = "SELECT fingerprint, status, headers, body FROM answers WHERE request = $1"

_KEEP: Final = """
    UPDATE answers SET status = $3, headers = $4, body = $5, until_at = $6 WHERE request = $1 AND holder = $2"""

_LET_GO: Final = "DELETE FROM answers WHERE request = $1 AND holder = $2"


class SqlIdempotencyStore:
    """Fills the port `IdempotencyStore`. Kept for 24 hours without a bound of its own: the rate limits are one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holders: dict[bytes, bytes] = {}
        """What this node holds: request → the name under which it does."""

    async def claim(self, request: RequestKey, fingerprint: bytes, at: int) -> StoredAnswer | None:
        """See `IdempotencyStore.claim`."""
        name, holder = _name(request), token_bytes(16)
        with trio.move_on_after(WAIT_SECONDS):
            while True:
                _, held = await self._database.write(
                    Statement(_DROP_OLD, (at,)), Statement(_HOLD, (name, fingerprint, holder, at + HOLD_MS))
                )
                if held:
                    self._holders[name] = holder
                    return None
                rows = await self._database.read(Statement(_LOOK, (name,)))
                if rows:
                    first, status, headers, body = rows[0]
                    if bytes(first) != fingerprint:
                        raise Conflict("This Idempotency-Key was used for another request")
                    if status is not None:
                        pairs = msgspec.json.decode(headers, type=tuple[tuple[str, str], ...])
                        return StoredAnswer(status, pairs, bytes(body))
                await trio.sleep(_POLL_SECONDS)
        raise Unavailable("The same request is still being worked on")

    async def settle(self, request: RequestKey, answer: StoredAnswer | None, at: int) -> None:
        """See `IdempotencyStore.settle`."""
        name = _name(request)
        holder = self._holders.pop(name)
        if answer is None:
            await self._database.write(Statement(_LET_GO, (name, holder)))
            return
        headers = msgspec.json.encode(answer.headers).decode()
        row = (name, holder, answer.status, headers, answer.body, at + DAY_MS)
        await self._database.write(Statement(_KEEP, row))


def _name(request: RequestKey) -> bytes:
    return hashlib.sha256(f"{request.scope}\x00{request.key}".encode()).digest()
