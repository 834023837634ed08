"""What is put aside, in memory."""

from collections.abc import Sequence

import trio
from msgspec.structs import replace

from nvserver.ports.quarantine import PoisonMessage, Quarantined


class MemoryQuarantineStore:
    """Fills the port `QuarantineStore`."""

    def __init__(self) -> None:
        self._quarantined: dict[str, Quarantined] = {}
        self._poison: dict[str, dict[bytes, PoisonMessage]] = {}

    async def put(self, quarantined: Quarantined) -> None:
        """See `QuarantineStore.put`."""
        await trio.lowlevel.checkpoint()
        self._quarantined.setdefault(quarantined.workspace_id, quarantined)

    async def all(self) -> Sequence[Quarantined]:
        """See `QuarantineStore.all`."""
        await trio.lowlevel.checkpoint()
        return [self._quarantined[workspace_id] for workspace_id in sorted(self._quarantined)]

    async def release(self, workspace_id: str) -> bool:
        """See `QuarantineStore.release`."""
        await trio.lowlevel.checkpoint()
        return self._quarantined.pop(workspace_id, None) is not None

    async def keep(self, poison: PoisonMessage, *, newest: int) -> None:
        """See `QuarantineStore.keep`."""
        await trio.lowlevel.checkpoint()
        kept = self._poison.setdefault(poison.workspace_id, {})
        first = kept.get(poison.digest, poison)
        kept[poison.digest] = replace(first, at=poison.at, error=poison.error)
        for one in self._newest_first(poison.workspace_id)[newest:]:
            del kept[one.digest]

    async def poison(self, workspace_id: str, *, limit: int) -> Sequence[PoisonMessage]:
        """See `QuarantineStore.poison`."""
        await trio.lowlevel.checkpoint()
        return self._newest_first(workspace_id)[:limit]

    def _newest_first(self, workspace_id: str) -> list[PoisonMessage]:
        return sorted(self._poison.get(workspace_id, {}).values(), key=lambda one: (-one.at, one.digest))
