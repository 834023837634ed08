"""How long work (an upload, an import, an export) goes on, told to those who are in the workspace."""

from typing import Final
from uuid import uuid4

import trio

from nvserver.errors import NoteVaultError
from nvserver.workspace.events import ProgressKind, ProgressMade
from nvserver.workspace.messages import TellProgress
from nvserver.workspace.router import Router

_PAUSE_SECONDS: Final = 0.5


class ProgressReport:
    """Of one piece of work. Work that is quicker than half a second tells nothing; whatever goes wrong in telling
    costs the news, never the work."""

    def __init__(self, router: Router, user_id: str, kind: ProgressKind, total: int | None) -> None:
        """`total` is in the unit of `at`: bytes of an upload, else files and notes; None where it is not known."""
        self._router = router
        self._user_id = user_id
        self._kind = kind
        self.total = total
        self._task_id = str(uuid4())
        self._workspace_id: str | None = None
        self._next_at = trio.current_time() + _PAUSE_SECONDS
        self._is_told = False
        self._last = ("", 0)

    def begin(self, workspace_id: str) -> None:
        """From now on it is known whom it concerns."""
        self._workspace_id = workspace_id

    async def at(self, name: str, done: int) -> None:
        """So far it is; `name` is of what is under way."""
        self._last = (name, done)
        if self._workspace_id is not None and trio.current_time() >= self._next_at:
            self._next_at = trio.current_time() + _PAUSE_SECONDS
            self._is_told = True
            await self._tell(is_over=False)

    async def over(self) -> None:
        """It has ended, one way or the other."""
        if self._is_told:
            with trio.CancelScope(shield=True, deadline=trio.current_time() + _PAUSE_SECONDS):
                await self._tell(is_over=True)

    async def _tell(self, *, is_over: bool) -> None:
        assert self._workspace_id is not None
        name, done = self._last
        try:
            ref = await self._router.find(self._workspace_id)
        except NoteVaultError:
            return
        progress = ProgressMade(
            self._workspace_id, self._task_id, self._kind, self._user_id, name, done, self.total, is_over
        )
        ref.call_nowait(TellProgress(progress))
