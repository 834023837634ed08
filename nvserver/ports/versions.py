"""The texts of named versions: kept apart from the op log, which may be shortened past them."""

from typing import Protocol


class VersionTexts(Protocol):
    """Every method raises `Unavailable` when the store cannot answer."""

    async def put(self, version_id: str, note_id: str, content: str) -> None:
        """Keep the text, durable when this returns; one that is there already stays as it is."""
        ...

    async def get(self, version_id: str) -> str | None:
        """None for one that is not kept."""
        ...

    async def drop(self, version_id: str) -> None:
        """Forget it; nothing if it is not kept."""
        ...
