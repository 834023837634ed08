"""Routes that take contents out."""

from collections.abc import AsyncIterator
from typing import Any, Literal

import msgspec

from nvserver.core.contents import Contents
from nvserver.core.file_names import content_disposition, safe_name
from nvserver.edge.http.downloads import POLICY
from nvserver.edge.http.progress import ProgressReport
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Outgoing, Route
from nvserver.errors import NoteNotFound, WorkspaceNotFound
from nvserver.ports.clock import NowMs
from nvserver.ports.offload import Offload
from nvserver.services.exports import Exporter, note_markdown
from nvserver.services.note_pages import html_page
from nvserver.workspace.messages import GetContents, GetNote, NoteView
from nvserver.workspace.note_homes import NoteHomes
from nvserver.workspace.router import Router


class NoteExportQuery(msgspec.Struct, frozen=True):
    format: Literal["md", "html"] = "md"


class ExportRoutes:
    """`/api/workspaces/{workspaceId}/export` and `/api/notes/{noteId}/export`."""

    def __init__(self, exporter: Exporter, homes: NoteHomes, router: Router, offload: Offload, now_ms: NowMs) -> None:
        self._exporter = exporter
        self._homes = homes
        self._router = router
        self._offload = offload
        self._now_ms = now_ms

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        return (
            Route(
                "GET", "/api/workspaces/{workspaceId}/export", self._workspace,
                "The whole workspace as a zip: Markdown with front matter, files, a manifest (workspace:read)",
                gives="application/zip", errors=(WorkspaceNotFound,),
            ),
            Route(
                "GET", "/api/notes/{noteId}/export", self._note, "A note as Markdown, or as a page (notes:read)",
                query=NoteExportQuery, gives="text/markdown, text/html", errors=(NoteNotFound,),
            ),
        )  # fmt: skip

    async def _workspace(self, call: Call[None, None]) -> Answer:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        contents: Contents = await self._router.call(workspace_id, GetContents(call.user_id))
        name = safe_name(f"{contents.info.name}.zip")
        return Answer(Outgoing(self._pieces(call, contents)), 200, _headers("application/zip", name))

    async def _pieces(self, call: Call[Any, Any], contents: Contents) -> AsyncIterator[bytes]:
        report = ProgressReport(self._router, call.user_id, "export", len(contents.notes) + len(contents.files))
        report.begin(contents.info.id)
        try:
            async for piece in self._exporter.zip(contents, self._now_ms(), report.at):
                if piece:
                    yield piece
        finally:
            await report.over()

    async def _note(self, call: Call[None, NoteExportQuery]) -> Answer:
        note_id = call.id_param("noteId", NoteNotFound)
        view: NoteView = await self._homes.ask(note_id, GetNote(call.user_id, note_id))
        title = view.note.title or "Untitled"
        name = title.replace("/", " ")
        if call.query.format == "md":
            content = note_markdown(view.note, view.content)
            return Answer(
                content.encode(),
                200,
                _headers("text/markdown; charset=utf-8", safe_name(f"{name}.md")),
            )
        page = await self._offload(html_page, title, view.content)
        return Answer(page.encode(), 200, _headers("text/html; charset=utf-8", safe_name(f"{name}.html")))


def _headers(mime_type: str, name: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Content-Type", mime_type),
        ("Content-Disposition", content_disposition(name, is_inline=False)),
        ("Content-Security-Policy", POLICY),
    )
