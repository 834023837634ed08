"""The texts of named versions, in memory."""

import trio


class MemoryVersionTexts:
    """Fills the port `VersionTexts`."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, str]] = {}
        """By id: of which note, and the text."""

    def forget_note(self, note_id: str) -> None:
        """See `NotePurging.forget_texts`."""
        self._texts = {key: one for key, one in self._texts.items() if one[0] != note_id}

    async def put(self, version_id: str, note_id: str, content: str) -> None:
        """See `VersionTexts.put`."""
        await trio.lowlevel.checkpoint()
        self._texts.setdefault(version_id, (note_id, content))

    async def get(self, version_id: str) -> str | None:
        """See `VersionTexts.get`."""
        await trio.lowlevel.checkpoint()
        _, content = self._texts.get(version_id, ("", None))
        return content

    async def drop(self, version_id: str) -> None:
        """See `VersionTexts.drop`."""
        await trio.lowlevel.checkpoint()
        self._texts.pop(version_id, None)
