"""Who did what when, for administrators: kept, never changed."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Act(msgspec.Struct, frozen=True):
    """`action` is a dotted name (`member.remove`), `outcome` is `OK` or the code of the refusal. `details` are names
    and values: ids, roles; never secrets or text of notes. `actor_id` is None for who did not show who he is."""

    id: str
    at: int
    actor_id: str | None
    action: str
    outcome: str
    address: str
    details: tuple[tuple[str, str], ...]


class ActQuery(msgspec.Struct, frozen=True):
    """Newest first; `before` is `(at, id)` of the last one seen."""

    actor_id: str | None = None
    action: str | None = None
    before: tuple[int, str] | None = None
    limit: int = 50


class AuditLog(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def add(self, act: Act, *, keep_from: int) -> None:
        """Keep the act; those of before `keep_from` may be deleted."""
        ...

    async def acts(self, query: ActQuery) -> Sequence[Act]:
        """Those that fit, by `(at, id)` descending."""
        ...
