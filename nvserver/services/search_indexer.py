"""Keeps the search index behind the op log by a moment: follows what this node commits, and catches up what others, or
a crash, have left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import structlog
import trio
from msgspec.structs import replace

from nvserver.core.changes import Entry, LoggedEntry, decode_entry
from nvserver.core.documents import (
    Document,
    document_id_of,
    document_of_message,
    documents_of,
    follow,
    is_gone,
    touched_ids,
)
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.snapshot import decode_workspace
from nvserver.errors import BaseTooOld, Unavailable
from nvserver.ports.chat import ChatStore
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog, WorkspaceIndex
from nvserver.ports.search import Indexed, SearchIndex
from nvserver.services.search_alerts import SearchAlerts

T = TypeVar("T")

log = structlog.get_logger()

_PAGE_ENTRIES: Final = 500
_PAGE_DOCUMENTS: Final = 50
_SMALL_CHARACTERS: Final = 20_000
_BATCH_CHARACTERS: Final = 200_000
"""Texts in one transaction, about: other writers wait for it where a database takes one at a time."""


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Section `[search]`."""

    settle_seconds: float = field(default=0.5, metadata={"min": 0.0, "max": 60.0})
    """How long after a change it is indexed, together with what came meanwhile."""
    sweep_seconds: float = field(default=30.0, metadata={"min": 1.0, "max": 3600.0})
    """How often the whole store is looked through for what another node, or a crash, has left."""
    max_dirty: int = field(default=10_000, metadata={"min": 1})
    """Changed workspaces that are remembered; those beyond it wait for the next sweep."""
    max_saved: int = field(default=100, metadata={"min": 1})
    """Saved searches of one person."""
    languages: tuple[str, ...] = ("english",)
    """In which words are found in their other forms (`apples` finds `apple`), as Snowball names them: arabic, danish,
    dutch, english, finnish, french, german, greek, italian, norwegian, polish, portuguese, russian, spanish, swedish,
    turkish and more; none for words as they stand. Of workspaces that are set to no language of their own; each is
    indexed anew with it after its next change."""


class SearchIndexer:
    """One task a node. Works on one workspace at a time and rests nineteen times as long as the work took, so that
    indexing over and over what is being written cannot crowd out the edits themselves. What fails is tried again at
    the next sweep."""

    def __init__(
        self,
        oplog: OpLog,
        workspaces: WorkspaceIndex,
        chat: ChatStore,
        index: SearchIndex,
        offload: Offload,
        settings: SearchSettings,
        limits: WorkspaceLimits,
        alerts: SearchAlerts | None = None,
    ) -> None:
        self._oplog = oplog
        self._workspaces = workspaces
        self._chat = chat
        self._limits = limits
        self._index = index
        self._offload = offload
        self._settings = settings
        self._alerts = alerts
        self._dirty: dict[str, None] = {}
        self._marked = trio.Event()
        self._idle = trio.Event()

    def mark(self, workspace_id: str) -> None:
        """Something of the workspace became durable. Never blocks; over the bound the next sweep finds it."""
        if len(self._dirty) < self._settings.max_dirty or workspace_id in self._dirty:
            self._dirty[workspace_id] = None
            self._marked.set()
            if self._idle.is_set():
                self._idle = trio.Event()

    async def wait_idle(self) -> None:
        """Until everything marked so far is indexed."""
        await self._idle.wait()

    async def run(self) -> None:
        """Index until cancelled."""
        while True:
            await self._sweep()
            sweep_at = trio.current_time() + self._settings.sweep_seconds
            while trio.current_time() < sweep_at:
                if not self._dirty:
                    self._idle.set()
                    self._marked = trio.Event()
                with trio.move_on_at(sweep_at):
                    await self._marked.wait()
                    await trio.sleep(self._settings.settle_seconds)
                for workspace_id in list(self._dirty):
                    del self._dirty[workspace_id]
                    await self._index_gently(workspace_id)

    async def _sweep(self) -> None:
        after = None
        try:
            while behind := await self._index.behind(after, limit=100):
                for workspace in behind:
                    self._dirty.pop(workspace.workspace_id, None)
                    await self._index_gently(workspace.workspace_id)
                after = behind[-1].workspace_id
        except Unavailable as error:
            log.warning("search sweep put off", error=error.message)

    async def _index_gently(self, workspace_id: str) -> None:
        started = trio.current_time()
        try:
            await self.index(workspace_id)
        except Unavailable as error:
            log.warning("indexing put off", workspace=workspace_id, error=error.message)
        except Exception:
            log.exception("indexing failed", workspace=workspace_id)
        await trio.sleep(19 * (trio.current_time() - started))

    async def index(self, workspace_id: str) -> None:
        """Bring the index of one workspace to the head of its log."""
        indexed = await self._index.indexed(workspace_id)
        info = await self._workspaces.info(workspace_id)
        wanted = (info.search_language,) if info and info.search_language else self._settings.languages
        position = indexed.seq
        if position == 0:
            indexed = Indexed(0, wanted)
            await self._index.store(workspace_id, 0, [], languages=wanted)
        is_behind = True
        while is_behind:
            try:
                logged = await self._oplog.read(workspace_id, position, limit=_PAGE_ENTRIES)
            except BaseTooOld:
                position = await self._index_base(workspace_id, position, wanted)
                continue
            is_behind = len(logged) == _PAGE_ENTRIES
            if logged:
                await self._index_entries(workspace_id, position, logged, wanted)
                position = logged[-1].seq
        if indexed.languages != wanted:
            await self._translate(workspace_id, position, wanted)

    async def _index_entries(
        self, workspace_id: str, position: int, logged: Sequence[LoggedEntry], languages: tuple[str, ...]
    ) -> None:
        size = sum([len(one.body) for one in logged])
        entries = await self._do(size, _decode, logged)
        known = {document.id: document for document in await self._index.documents(touched_ids(entries))}
        size += sum([len(document.body) for document in known.values()])
        documents = await self._do(size, follow, workspace_id, entries, known)
        if self._alerts is not None and documents:
            authors = {found: one.author.user_id for one in entries if (found := document_id_of(one.change))}
            await self._alerts.judge(workspace_id, known, documents, authors, languages)
        *batches, last = _batches(documents) or [[]]
        for batch in batches:
            await self._store(workspace_id, position, batch, languages)
        await self._store(workspace_id, entries[-1].seq, last, languages, is_gone=is_gone(entries))

    async def _do(self, size: int, function: Callable[..., T], *arguments: object) -> T:
        """In a thread what takes longer than the way there and back."""
        if size <= _SMALL_CHARACTERS:
            return function(*arguments)
        return await self._offload(function, *arguments)

    async def _translate(self, workspace_id: str, position: int, languages: tuple[str, ...]) -> None:
        """Keep all documents with the stems of these languages."""
        after = None
        while documents := await self._index.kept(workspace_id, after, limit=_PAGE_DOCUMENTS):
            for batch in _batches(documents):
                await self._store(workspace_id, position, batch, languages)
            after = documents[-1].id
        await self._index.store(workspace_id, position, [], languages=languages)

    async def _index_base(self, workspace_id: str, position: int, languages: tuple[str, ...]) -> int:
        """Index what a shortened log begins with; where it is indexed up to now."""
        base = await self._oplog.base(workspace_id)
        if base is None:
            return position
        state = await self._offload(decode_workspace, base.body, base.checksum, self._limits)
        for batch in _batches(await self._offload(documents_of, state)):
            await self._store(workspace_id, position, batch, languages)
        before: int | None = base.seq + 1
        while messages := await self._chat.messages(workspace_id, before=before, limit=_PAGE_ENTRIES):
            documents = [document_of_message(message, base.seq) for message in messages]
            await self._store(workspace_id, position, documents, languages)
            before = messages[-1].seq
        await self._index.store(workspace_id, base.seq, [], is_gone=state.is_deleted)
        return base.seq

    async def _store(
        self,
        workspace_id: str,
        position: int,
        documents: Sequence[Document],
        languages: tuple[str, ...],
        *,
        is_gone: bool = False,
    ) -> None:
        """To be found by their stems too."""
        stemmed = [replace(document, languages=languages) for document in documents]
        await self._index.store(workspace_id, position, stemmed, is_gone=is_gone)


def _decode(logged: Sequence[LoggedEntry]) -> list[Entry]:
    return [decode_entry(one) for one in logged]


def _batches(documents: Sequence[Document]) -> Sequence[Sequence[Document]]:
    batches: list[list[Document]] = []
    room = 0
    for document in documents:
        if room <= 0:
            batches.append([])
            room = _BATCH_CHARACTERS
        batches[-1].append(document)
        room -= len(document.body) + 1_000
    return batches
