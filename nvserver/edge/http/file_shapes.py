"""Files on the wire."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from nvserver.core.model import FileInfo
from nvserver.edge.http.wire import PageQuery, iso_time


class FilesQuery(PageQuery, frozen=True, rename="camel", kw_only=True):
    workspace_id: UUID


class DownloadQuery(msgspec.Struct, frozen=True):
    """`download`: have the browser save also what it could show."""

    download: bool = False


class ShareBody(msgspec.Struct, frozen=True, rename="camel"):
    """Members of the file's workspace."""

    user_ids: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=100)]


class FileItem(msgspec.Struct, frozen=True, rename="camel"):
    """`mimeType` is told by the content; `checksum`: SHA-256 in hex; `width` and `height` of a raster image, which
    alone has a `thumbnailUrl`."""

    id: str
    workspace_id: str
    name: str
    mime_type: str
    size_bytes: int
    checksum: str
    uploader_id: str
    created_at: str
    width: int | None
    height: int | None
    url: str
    thumbnail_url: str | None


class FileList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[FileItem, ...]
    next_cursor: str | None


class FilesAnswer(msgspec.Struct, frozen=True):
    files: tuple[FileItem, ...]


def file_item(file: FileInfo) -> FileItem:
    """The file with its addresses and an ISO time."""
    url = f"/api/files/{file.id}"
    return FileItem(
        file.id,
        file.workspace_id,
        file.name,
        file.mime_type,
        file.size_bytes,
        file.checksum,
        file.uploader_id,
        iso_time(file.created_at),
        file.width,
        file.height,
        url,
        f"{url}/thumbnail" if file.width is not None else None,
    )
