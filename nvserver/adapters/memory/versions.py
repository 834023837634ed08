"""The texts of named versions, in memory."""

import trio


class MemoryVersionTexts:
    """Fills the port `VersionTexts`."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    async def put(self, version_id: str, _note_id: str, content: str) -> None:
        """See `VersionTexts.put`."""
        await trio.lowlevel.checkpoint()
        self._texts.setdefault(version_id, content)

    async def get(self, version_id: str) -> str | None:
        """See `VersionTexts.get`."""
        await trio.lowlevel.checkpoint()
        return self._texts.get(version_id)

    async def drop(self, version_id: str) -> None:
        """See `VersionTexts.drop`."""
        await trio.lowlevel.checkpoint()
        self._texts.pop(version_id, None)
