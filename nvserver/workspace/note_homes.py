"""Which workspace a note is in, and a way to that workspace's actor for those who know only the note."""

from collections import OrderedDict
from typing import Any

from nvserver.errors import NoteNotFound, WorkspaceNotFound
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.workspace.messages import Message
from nvserver.workspace.router import Router

REMEMBERED_NOTES = 65_536


class NoteHomes:
    """Note id → workspace id, for ever the same; the least lately used of 65,536 is forgotten."""

    def __init__(self, index: WorkspaceIndex, router: Router) -> None:
        self._index = index
        self._router = router
        self._homes: OrderedDict[str, str] = OrderedDict()

    async def ask(self, note_id: str, message: Message) -> Any:
        """The reply of the actor that has the note. To those outside its workspace the note does not exist."""
        try:
            return await self._router.call(await self.workspace_of(note_id), message)
        except WorkspaceNotFound:
            raise NoteNotFound from None

    async def workspace_of(self, note_id: str) -> str:
        """Raises `NoteNotFound` for a note nobody made."""
        workspace_id = self._homes.get(note_id)
        if workspace_id is not None:
            self._homes.move_to_end(note_id)
            return workspace_id
        workspace_id = await self._index.workspace_of_note(note_id)
        if workspace_id is None:
            raise NoteNotFound
        self._homes[note_id] = workspace_id
        if len(self._homes) > REMEMBERED_NOTES:
            self._homes.popitem(last=False)
        return workspace_id
