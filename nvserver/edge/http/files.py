"""Routes of files. What is uploaded is spooled while it arrives; then its bytes get their place, and the workspace's
actor decides whether they become files: together, or not at all."""

from contextlib import ExitStack
from typing import Any
from uuid import UUID

import trio

from nvserver.core.changes import Author
from nvserver.core.commands import AddFiles, RemoveFile
from nvserver.core.file_types import PREVIEWED_TEXTS
from nvserver.core.model import FileInfo
from nvserver.core.notices import NoticeData
from nvserver.core.permissions import role_allows
from nvserver.edge.http.cursors import decode_cursor, encode_cursor
from nvserver.edge.http.downloads import Read, download, is_known, safe_headers
from nvserver.edge.http.file_shapes import DownloadQuery, FileList, FilesAnswer, FilesQuery, ShareBody, file_item
from nvserver.edge.http.progress import ProgressReport
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.uploads import MULTIPART, Upload
from nvserver.edge.http.wire import Milliseconds
from nvserver.errors import (
    FileNotFound,
    Forbidden,
    MemberNotFound,
    PayloadTooLarge,
    QuotaExceeded,
    RangeNotSatisfiable,
    RequestTimeout,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
    WorkspaceNotFound,
)
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.files import FileIndex
from nvserver.ports.notifications import Notification
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.problems import Problem
from nvserver.services.file_vault import FilesSettings, FileVault
from nvserver.services.notifications import NotificationService
from nvserver.workspace.messages import GetWorkspace, Submit, WorkspaceView
from nvserver.workspace.router import Router

_FORM_BYTES = 64 * 1024
PREVIEW_BYTES = 65_536


class FileRoutes:
    """`/api/files`."""

    def __init__(
        self,
        vault: FileVault,
        files: FileIndex,
        index: WorkspaceIndex,
        router: Router,
        notifications: NotificationService,
        settings: FilesSettings,
        now_ms: NowMs,
        new_id: NewId,
        *,
        transfer_seconds: float,
    ) -> None:
        self._vault = vault
        self._files = files
        self._index = index
        self._router = router
        self._notifications = notifications
        self._now_ms = now_ms
        self._settings = settings
        self._new_id = new_id
        self._transfer_seconds = transfer_seconds

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base, one = "/api/files", "/api/files/{fileId}"
        settings = self._settings
        return (
            Route(
                "GET", base, self._list, "The files of a workspace, newest first (files:read)",
                query=FilesQuery, answer=FileList, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", f"{base}/upload", self._upload,
                "Upload files: a form with `workspaceId` and one or more parts named `file` (files:upload)",
                takes=MULTIPART, answer=FilesAnswer, status=201,
                max_body_bytes=settings.max_upload_files * settings.max_file_bytes + _FORM_BYTES,
                errors=(WorkspaceNotFound, Forbidden, QuotaExceeded, PayloadTooLarge, UnsupportedMediaType,
                        ValidationFailed, RequestTimeout),
            ),
            Route(
                "GET", one, self._download, "A file's content; `Range` and `If-None-Match` are obeyed (files:read)",
                query=DownloadQuery, gives="*/*", errors=(FileNotFound, RangeNotSatisfiable),
            ),
            Route(
                "GET", f"{one}/thumbnail", self._thumbnail, "A picture of at most 320 × 320 pixels (files:read)",
                gives="image/webp", errors=(FileNotFound, UnsupportedMediaType),
            ),
            Route(
                "GET", f"{one}/preview", self._preview,
                "The beginning of a text, or a smaller picture of a picture (files:read)",
                gives="*/*", errors=(FileNotFound, UnsupportedMediaType),
            ),
            Route(
                "POST", f"{one}/share", self._share, "Point members to a file: they are notified (files:read)",
                body=ShareBody, status=204, errors=(FileNotFound, MemberNotFound),
            ),
            Route(
                "DELETE", one, self._delete, "Delete a file (files:delete, or files:delete:own)",
                status=204, errors=(FileNotFound, Forbidden),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, FilesQuery]) -> FileList:
        query, workspace_id = call.query, str(call.query.workspace_id)
        if await self._index.role_of(workspace_id, call.user_id) is None:
            raise WorkspaceNotFound
        key = decode_cursor(query.cursor, tuple[Milliseconds, UUID])
        after = (key[0], str(key[1])) if key else None
        found = await self._files.files(call.user_id, workspace_id, after=after, limit=query.limit + 1)
        page = found[: query.limit]
        last = page[-1] if len(found) > len(page) else None
        next_cursor = encode_cursor((last.created_at, last.id) if last else None)
        return FileList(tuple(file_item(file) for file in page), next_cursor)

    async def _upload(self, call: Call[None, None]) -> FilesAnswer:
        report = ProgressReport(self._router, call.user_id, "upload", call.upload.length)
        try:
            with ExitStack() as spools:
                form = Upload()
                watcher = _Watcher(self._index, report, call.user_id)
                most = self._settings.max_upload_files
                await form.read(call.upload, self._vault, spools, max_files=most, watcher=watcher)
                if form.workspace_id is None:
                    raise ValidationFailed.at("workspaceId", "is required", Problem.REQUIRED)
                if not form.files:
                    raise ValidationFailed.at("file", "is required", Problem.REQUIRED)
                with trio.CancelScope(shield=True, deadline=trio.current_time() + self._transfer_seconds):
                    return await self._keep(form, form.workspace_id, call.user_id)
            raise Unavailable("This took too long; its outcome is unknown")
        finally:
            await report.over()

    async def _keep(self, form: Upload, workspace_id: str, user_id: str) -> FilesAnswer:
        ids: list[str] = []
        files: list[FileInfo] = []
        is_taken = False
        try:
            for arrived in form.files:
                ids.append(self._new_id())
                files.append(await self._vault.keep(arrived, workspace_id, user_id, ids[-1]))
            await self._router.call(workspace_id, Submit(Author(user_id), AddFiles(tuple(files))))
            is_taken = True
        except Unavailable:
            is_taken = True  # perhaps: if no workspace has them, they are cleared away later
            raise
        finally:
            if not is_taken:
                with trio.CancelScope(shield=True, deadline=trio.current_time() + self._transfer_seconds):
                    for file_id in ids:
                        await self._vault.discard(file_id)
        return FilesAnswer(tuple(file_item(file) for file in files))

    async def _download(self, call: Call[None, DownloadQuery]) -> Answer:
        file = await self._file(call)
        own = safe_headers(file.mime_type, file.name, file.checksum, is_inline=not call.query.download)
        return download(call.headers, own, file.checksum, file.size_bytes, self._reader(file))

    async def _thumbnail(self, call: Call[None, None]) -> Answer:
        file = await self._file(call)
        own = safe_headers("image/webp", "thumbnail.webp", f"{file.checksum}-s", is_inline=True)
        if is_known(call.headers, f"{file.checksum}-s"):
            return Answer(None, 304, own)
        return Answer(await self._vault.thumbnail(file), 200, own)

    async def _preview(self, call: Call[None, None]) -> Answer:
        file = await self._file(call)
        etag = f"{file.checksum}-p"
        is_text = file.mime_type in PREVIEWED_TEXTS
        own = safe_headers("text/plain" if is_text else "image/webp", "preview", etag, is_inline=True)
        if is_known(call.headers, etag):
            return Answer(None, 304, own)
        if not is_text:
            return Answer(await self._vault.preview(file), 200, own)
        head = [piece async for piece in self._vault.read(file, 0, min(file.size_bytes, PREVIEW_BYTES))]
        return Answer(b"".join(head).decode(errors="ignore").encode(), 200, own)

    async def _share(self, call: Call[ShareBody, None]) -> None:
        file, asker = await self._file(call), call.user_id
        people = {str(user_id) for user_id in call.body.user_ids}
        for user_id in people:
            if await self._index.role_of(file.workspace_id, user_id) is None:
                raise MemberNotFound
        view: WorkspaceView = await self._router.call(file.workspace_id, GetWorkspace(asker))
        data = NoticeData(asker, file.workspace_id, view.workspace.name, file_id=file.id, text=file.name)
        now = self._now_ms()
        notices = [
            Notification(self._new_id(), user_id, "file.shared", data, now) for user_id in sorted(people - {asker})
        ]
        await self._notifications.tell(notices)

    async def _delete(self, call: Call[None, None]) -> None:
        file = await self._file(call)
        try:
            await self._router.call(file.workspace_id, Submit(Author(call.user_id), RemoveFile(file.id)))
        except WorkspaceNotFound:
            raise FileNotFound from None
        await self._vault.discard(file.id)

    async def _file(self, call: Call[Any, Any]) -> FileInfo:
        """Membership is asked within the query."""
        file = await self._files.file(call.user_id, call.id_param("fileId", FileNotFound))
        if file is None:
            raise FileNotFound
        return file

    def _reader(self, file: FileInfo) -> Read:
        return lambda start, end: self._vault.read(file, start, end)


class _Watcher:
    """Refuses early, before anything is taken in, and tells the workspace how far the upload is."""

    def __init__(self, index: WorkspaceIndex, report: ProgressReport, user_id: str) -> None:
        self._index = index
        self._report = report
        self._user_id = user_id

    async def begun(self, workspace_id: str) -> None:
        """See `UploadWatcher.begun`. The actor judges again."""
        role = await self._index.role_of(workspace_id, self._user_id)
        if role is None:
            raise WorkspaceNotFound
        if not role_allows(role, "files:upload"):
            raise Forbidden
        self._report.begin(workspace_id)

    async def moved(self, name: str, received_bytes: int) -> None:
        """See `UploadWatcher.moved`."""
        await self._report.at(name, received_bytes)
