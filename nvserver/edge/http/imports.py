"""The route that brings contents in. All of it is looked at before anything is made; what cannot be brought in is told
by name, and the rest comes."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated

import msgspec
import trio
from msgspec import Meta

from nvserver.core.changes import Author
from nvserver.core.commands import (
    AddEvents,
    AddFiles,
    Command,
    CreateCollection,
    CreateConnection,
    CreateNote,
    ReplyToThread,
    ResolveThread,
    StartThread,
)
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import CommentThread, FileInfo
from nvserver.core.ot import OperationError, check_text
from nvserver.core.permissions import role_allows
from nvserver.edge.http.progress import ProgressReport
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.uploads import MULTIPART, Upload
from nvserver.edge.http.wire import A_LINE, ONE_LINE
from nvserver.errors import (
    CallerError,
    Forbidden,
    PayloadTooLarge,
    QuotaExceeded,
    RequestTimeout,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
    WorkspaceNotFound,
)
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.problems import Problem
from nvserver.services.file_vault import FilesSettings, FileVault
from nvserver.services.import_archive import Archive, open_archive
from nvserver.services.import_plan import Plan, PlannedFile, PlannedNote, beside, plan_import
from nvserver.workspace.messages import Canvas, GetCanvas, Submit
from nvserver.workspace.router import Router

ZIPS = ("application/zip", "application/x-zip-compressed")
_MAX_PARTS = 1_000
_PIECE_BYTES = 262_144
_Tag = Annotated[
    str, Meta(min_length=1, max_length=50, pattern=ONE_LINE, description=A_LINE, extra={"problem": Problem.EMPTY})
]


class SkippedItem(msgspec.Struct, frozen=True):
    path: str
    reason: str


class ContentsAnswer(msgspec.Struct, frozen=True):
    """How many of each came, and what did not."""

    notes: int
    files: int
    collections: int
    connections: int
    threads: int
    events: int
    skipped: tuple[SkippedItem, ...]


@dataclass(frozen=True, slots=True)
class ImportParts:
    """What an import works with."""

    vault: FileVault
    router: Router
    offload: Offload
    limits: WorkspaceLimits
    now_ms: NowMs
    new_id: NewId
    transfer_seconds: float


class ImportRoutes:
    """`/api/workspaces/{workspaceId}/import`."""

    def __init__(self, parts: ImportParts, index: WorkspaceIndex, files: FilesSettings) -> None:
        self._parts = parts
        self._index = index
        self._files = files

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        return (
            Route(
                "POST", "/api/workspaces/{workspaceId}/import", self._import,
                "Bring in an export, or Markdown of other programs: a zip, or a form with parts named `file` "
                "(notes:create, files:upload)",
                takes=MULTIPART, answer=ContentsAnswer, status=201, max_body_bytes=self._files.max_import_bytes,
                errors=(WorkspaceNotFound, Forbidden, QuotaExceeded, PayloadTooLarge, UnsupportedMediaType,
                        ValidationFailed, RequestTimeout),
            ),
        )  # fmt: skip

    async def _import(self, call: Call[None, None]) -> ContentsAnswer:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        role = await self._index.role_of(workspace_id, call.user_id)
        if role is None:
            raise WorkspaceNotFound
        if not (role_allows(role, "notes:create") and role_allows(role, "files:upload")):
            raise Forbidden
        with ExitStack() as spools:
            form = await self._received(call, spools)
            with trio.CancelScope(shield=True, deadline=trio.current_time() + self._parts.transfer_seconds):
                sent = [(one.name, one.content, one.size_bytes) for one in form.files]
                most, entries = self._files.max_import_bytes, self._files.max_import_entries
                archive: Archive = await trio.to_thread.run_sync(
                    lambda: open_archive(sent, max_bytes=most, max_entries=entries)
                )
                plan: Plan = await self._parts.offload(plan_import, archive, workspace_id, self._parts.new_id)
                canvas: Canvas = await self._parts.router.call(workspace_id, GetCanvas(call.user_id))
                plan = beside(plan, canvas.box)
                return await _Import(self._parts, archive, plan, workspace_id, call.user_id).run()
        raise Unavailable("This took too long; some of it may have been brought in")

    async def _received(self, call: Call[None, None], spools: ExitStack) -> Upload:
        form = Upload()
        if call.upload.content_type.partition(";")[0].strip().lower() in ZIPS:
            arriving = spools.enter_context(self._parts.vault.arriving("archive.zip", self._files.max_import_bytes))
            async for chunk in call.upload.chunks:
                await arriving.write(chunk)
            form.files.append(arriving)
        else:
            most = self._files.max_import_bytes
            await form.read(
                call.upload, self._parts.vault, spools, max_files=_MAX_PARTS, watcher=None, max_file_bytes=most
            )
        if not form.files:
            raise ValidationFailed.at("file", "is required", Problem.REQUIRED)
        for arrived in form.files:
            await arrived.flush()
        return form


class _Import:
    """One import under way."""

    def __init__(self, parts: ImportParts, archive: Archive, plan: Plan, workspace_id: str, user_id: str) -> None:
        self._parts = parts
        self._archive = archive
        self._plan = plan
        self._workspace_id = workspace_id
        self._user_id = user_id
        self._skipped = [SkippedItem(one.path, one.reason) for one in plan.skipped]
        total = len(plan.notes) + len(plan.files)
        self._report = ProgressReport(parts.router, user_id, "import", total)
        self._done = 0

    async def run(self) -> ContentsAnswer:
        self._report.begin(self._workspace_id)
        plan = self._plan
        try:
            self._check_limits()
            files = await self._bring_files()
            collections = [
                await self._try(one.name, CreateCollection(one.id, one.name, one.parent_id, one.rank, one.color))
                for one in plan.collections
            ]
            notes = [await self._bring_note(note) for note in plan.notes]
            connections = [await self._try("connection", CreateConnection(one)) for one in plan.connections]
            threads = [await self._bring_thread(thread) for thread in plan.threads]
            events = await self._bring_events()
        finally:
            await self._report.over()
        counts = (sum(notes), files, sum(collections), sum(connections), sum(threads), events)
        return ContentsAnswer(*counts, tuple(self._skipped))

    def _check_limits(self) -> None:
        limits, plan = self._parts.limits, self._plan
        if len(plan.notes) > limits.max_notes:
            raise QuotaExceeded(f"A workspace holds at most {limits.max_notes} notes")
        if len(plan.collections) > limits.max_collections:
            raise QuotaExceeded(f"A workspace holds at most {limits.max_collections} collections")
        if sum(file.entry.size for file in plan.files) > limits.max_files_bytes:
            raise QuotaExceeded(f"The files of a workspace take at most {limits.max_files_bytes} bytes")

    async def _bring_files(self) -> int:
        """All of them, before any note: if they do not fit, nothing is made."""
        kept: list[FileInfo] = []
        is_taken = not self._plan.files
        try:
            for file in self._plan.files:
                try:
                    kept.append(await self._keep(file))
                except (ValidationFailed, PayloadTooLarge) as error:
                    self._skip(file.entry.path, error.message)
                await self._step(file.entry.path)
            if kept:
                await self._submit(AddFiles(tuple(kept)))
            is_taken = True
        finally:
            if not is_taken:
                with trio.CancelScope(shield=True, deadline=trio.current_time() + self._parts.transfer_seconds):
                    for file in self._plan.files:
                        await self._parts.vault.discard(file.file_id)
        return len(kept)

    async def _keep(self, file: PlannedFile) -> FileInfo:
        vault = self._parts.vault
        with vault.arriving(file.name) as arriving, ExitStack() as opened:
            content = await trio.to_thread.run_sync(opened.enter_context, self._archive.open(file.entry))
            while piece := await trio.to_thread.run_sync(content.read, _PIECE_BYTES):
                await arriving.write(piece)
            return await vault.keep(arriving, self._workspace_id, self._user_id, file.file_id)

    async def _bring_note(self, note: PlannedNote) -> bool:
        await self._step(note.entry.path)
        most = 4 * self._parts.limits.max_note_characters
        try:
            raw = await trio.to_thread.run_sync(self._archive.read, note.entry, most)
            title, tags, text = await self._parts.offload(note.read, raw)
            check_text(text)
        except (ValidationFailed, PayloadTooLarge) as error:
            self._skip(note.entry.path, error.message)
            return False
        except (UnicodeError, OperationError):
            self._skip(note.entry.path, "is no text in UTF-8")
            return False
        kept_title = note.title if title is None else " ".join(title.split())
        command = CreateNote(
            note.note_id,
            kept_title[: self._parts.limits.max_title_characters],
            text,
            note.position,
            note.size,
            note.color,
            (*note.tags, *(tag for tag in tags if _is_tag(tag))),
            note.collection_id,
        )
        return await self._try(note.entry.path, command)

    async def _bring_thread(self, thread: CommentThread) -> bool:
        """Its words; they are the importer's now."""
        anchor = thread.anchor if thread.anchor is not None and thread.anchor.start < thread.anchor.end else None
        first, *others = thread.comments
        ids, new_id = (thread.note_id, thread.id), self._parts.new_id
        if not await self._try("comment", StartThread(*ids, new_id(), first.text, anchor)):
            return False
        for comment in others:
            await self._try("comment", ReplyToThread(*ids, new_id(), comment.text))
        if thread.resolved_at is not None:
            await self._try("comment", ResolveThread(*ids, is_on=True))
        return True

    async def _bring_events(self) -> int:
        now, workspace_id = self._parts.now_ms(), self._workspace_id
        events = tuple(
            msgspec.structs.replace(
                one, workspace_id=workspace_id, author_id=self._user_id, created_at=now, updated_at=now
            )
            for one in self._plan.events
        )
        return len(events) if events and await self._try("calendar", AddEvents(events)) else 0

    async def _try(self, path: str, command: Command) -> bool:
        try:
            await self._submit(command)
        except CallerError as error:
            if isinstance(error, WorkspaceNotFound):
                raise
            self._skip(path, error.message)
            return False
        return True

    async def _submit(self, command: Command) -> None:
        await self._parts.router.call(self._workspace_id, Submit(Author(self._user_id), command))

    async def _step(self, path: str) -> None:
        self._done += 1
        await self._report.at(path, self._done)

    def _skip(self, path: str, reason: str) -> None:
        self._skipped.append(SkippedItem(path[:200], reason[:200]))


def _is_tag(tag: str) -> bool:
    try:
        msgspec.convert(tag, _Tag)
    except msgspec.ValidationError:
        return False
    return True
