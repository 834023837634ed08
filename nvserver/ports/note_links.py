"""Where the links are kept by which anybody reads or edits one note."""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

Access: TypeAlias = Literal["read", "edit"]


class NoteLink(msgspec.Struct, frozen=True):
    """What comes by the link is done in the name of `creator_id`: it reaches no farther than his rights. Times are
    milliseconds since 1970 UTC; `expires_at` None: no end."""

    id: str
    workspace_id: str
    note_id: str
    access: Access
    creator_id: str
    created_at: int
    expires_at: int | None = None
    password_hash: str | None = None


class NoteLinkStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def add(self, link: NoteLink, token_hash: bytes, *, most: int) -> bool:
        """Keep it under the hash of its token (32 bytes). False, and nothing changes, when the note has `most`; those
        that are expired at `created_at` may be deleted."""
        ...

    async def of_note(self, note_id: str, at: int) -> Sequence[NoteLink]:
        """Those that are not expired at `at`, by `(created_at, id)`."""
        ...

    async def with_token(self, token_hash: bytes, at: int) -> NoteLink | None:
        """The one with that token, if it is not expired at `at`."""
        ...

    async def remove(self, note_id: str, link_id: str) -> bool:
        """Forget it; answers whether there was one."""
        ...
