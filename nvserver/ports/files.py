"""What is known of files without opening their workspace. It is as new as the op log: both commit together."""

from collections.abc import Collection, Sequence
from typing import Protocol

from nvserver.core.model import FileInfo


class FileIndex(Protocol):
    """Every method raises `Unavailable` when the store cannot answer."""

    async def file(self, user_id: str, file_id: str) -> FileInfo | None:
        """The file, if there is one that the person may read: membership is asked within the same query."""
        ...

    async def files(
        self, user_id: str, workspace_id: str, *, after: tuple[int, str] | None, limit: int
    ) -> Sequence[FileInfo]:
        """The workspace's files, newest first by `(created_at, id)`, those that follow `after`; none for others than
        members."""
        ...

    async def home_of(self, file_id: str) -> str | None:
        """The workspace of the file, whoever asks."""
        ...

    async def existing(self, file_ids: Collection[str]) -> frozenset[str]:
        """Those of the ids that are files."""
        ...
