"""Links to notes in memory."""

from collections.abc import Sequence

import trio

from nvserver.ports.note_links import NoteLink


class MemoryNoteLinks:
    """Fills the port `NoteLinkStore`."""

    def __init__(self) -> None:
        self._by_hash: dict[bytes, NoteLink] = {}

    def forget_note(self, note_id: str) -> None:
        """See `NotePurging.forget_texts`."""
        self._by_hash = {key: one for key, one in self._by_hash.items() if one.note_id != note_id}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._by_hash = {key: one for key, one in self._by_hash.items() if one.creator_id != user_id}

    async def add(self, link: NoteLink, token_hash: bytes, *, most: int) -> bool:
        """See `NoteLinkStore.add`."""
        if len(await self.of_note(link.note_id, link.created_at)) >= most:
            return False
        self._by_hash[token_hash] = link
        return True

    async def of_note(self, note_id: str, at: int) -> Sequence[NoteLink]:
        """See `NoteLinkStore.of_note`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._by_hash.values() if one.note_id == note_id and not _is_over(one, at)]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    async def with_token(self, token_hash: bytes, at: int) -> NoteLink | None:
        """See `NoteLinkStore.with_token`."""
        await trio.lowlevel.checkpoint()
        found = self._by_hash.get(token_hash)
        return None if found is None or _is_over(found, at) else found

    async def remove(self, note_id: str, link_id: str) -> bool:
        """See `NoteLinkStore.remove`."""
        await trio.lowlevel.checkpoint()
        wanted = note_id, link_id
        key = next((key for key, one in self._by_hash.items() if (one.note_id, one.id) == wanted), None)
        return key is not None and self._by_hash.pop(key) is not None


def _is_over(link: NoteLink, at: int) -> bool:
    return link.expires_at is not None and link.expires_at <= at
