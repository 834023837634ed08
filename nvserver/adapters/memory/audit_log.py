"""The audit log in memory."""

from collections.abc import Sequence

import trio

from nvserver.ports.audit_log import Act, ActQuery


class MemoryAuditLog:
    """Fills the port `AuditLog`."""

    def __init__(self) -> None:
        self._acts: list[Act] = []

    async def add(self, act: Act, *, keep_from: int) -> None:
        """See `AuditLog.add`."""
        await trio.lowlevel.checkpoint()
        self._acts = [*(old for old in self._acts if old.at >= keep_from), act]

    async def acts(self, query: ActQuery) -> Sequence[Act]:
        """See `AuditLog.acts`."""
        await trio.lowlevel.checkpoint()
        found = [
            act
            for act in self._acts
            if query.actor_id in (None, act.actor_id)
            and query.action in (None, act.action)
            and (query.before is None or (act.at, act.id) < query.before)
        ]
        return sorted(found, key=lambda act: (act.at, act.id), reverse=True)[: query.limit]
