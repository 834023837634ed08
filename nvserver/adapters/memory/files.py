"""What is known of files, in memory. The workspace index writes it, see `index.py`."""

from collections.abc import Callable, Collection, Sequence

import trio

from nvserver.core.model import FileInfo


class MemoryFileIndex:
    """Fills the port `FileIndex`."""

    def __init__(self, is_member: Callable[[str, str], bool]) -> None:
        """`is_member(workspace_id, user_id)`."""
        self._is_member = is_member
        self._files: dict[str, FileInfo] = {}

    def put(self, file: FileInfo) -> None:
        """Keep it."""
        self._files[file.id] = file

    def drop(self, file_id: str) -> None:
        """Forget it."""
        self._files.pop(file_id, None)

    def drop_workspace(self, workspace_id: str) -> None:
        """Forget all of a workspace."""
        self._files = {file.id: file for file in self._files.values() if file.workspace_id != workspace_id}

    async def file(self, user_id: str, file_id: str) -> FileInfo | None:
        """See `FileIndex.file`."""
        await trio.lowlevel.checkpoint()
        file = self._files.get(file_id)
        return file if file is not None and self._is_member(file.workspace_id, user_id) else None

    async def files(
        self, user_id: str, workspace_id: str, *, after: tuple[int, str] | None, limit: int
    ) -> Sequence[FileInfo]:
        """See `FileIndex.files`."""
        await trio.lowlevel.checkpoint()
        if not self._is_member(workspace_id, user_id):
            return []
        own = [file for file in self._files.values() if file.workspace_id == workspace_id]
        own.sort(key=_place, reverse=True)
        return [file for file in own if after is None or _place(file) < after][:limit]

    async def home_of(self, file_id: str) -> str | None:
        """See `FileIndex.home_of`."""
        await trio.lowlevel.checkpoint()
        return self._files[file_id].workspace_id if file_id in self._files else None

    async def existing(self, file_ids: Collection[str]) -> frozenset[str]:
        """See `FileIndex.existing`."""
        await trio.lowlevel.checkpoint()
        return frozenset(file_ids) & self._files.keys()


def _place(file: FileInfo) -> tuple[int, str]:
    return file.created_at, file.id
