"""Forms with files on their way in: every part into a spool on disk, whatever the order of the parts."""

from contextlib import ExitStack, aclosing
from typing import Final, Protocol
from uuid import UUID

from werkzeug.sansio.multipart import Data, Field, File

from nvserver.edge.http.multipart import form_events
from nvserver.edge.http.routing import Incoming
from nvserver.errors import PayloadTooLarge, ValidationFailed
from nvserver.problems import Problem
from nvserver.services.file_vault import Arriving, FileVault

MULTIPART: Final = "multipart/form-data"
_MAX_FIELD_BYTES: Final = 200
_MAX_FIELDS: Final = 10


class UploadWatcher(Protocol):
    """Hears how an upload goes on."""

    async def begun(self, workspace_id: str) -> None:
        """The form named its workspace; raising ends the upload."""
        ...

    async def moved(self, name: str, received_bytes: int) -> None:
        """So much of the body has come; `name` is that of the file under way."""
        ...


class Upload:
    """A form that arrived: its `workspaceId`, and its files in order."""

    def __init__(self) -> None:
        self.workspace_id: str | None = None
        self.files: list[Arriving] = []

    async def read(
        self,
        incoming: Incoming,
        vault: FileVault,
        spools: ExitStack,
        *,
        max_files: int,
        watcher: UploadWatcher | None,
        max_file_bytes: int | None = None,
    ) -> None:
        """Take the whole form in. The files live as long as `spools`. Raises `ValidationFailed`, `PayloadTooLarge`,
        `UnsupportedMediaType`, `RequestTimeout`."""
        field: bytearray | None = None
        name, received = "", 0
        events = form_events(incoming.content_type, incoming.chunks, max_parts=max_files + _MAX_FIELDS)
        async with aclosing(events):
            async for event in events:
                match event:
                    case Field(name=part):
                        field, name = bytearray(), part or ""
                    case File(name=part, filename=filename):
                        field, name = None, part or ""
                        if name != "file":
                            raise ValidationFailed.at(name[:50], "files are sent as `file`", Problem.MALFORMED)
                        if len(self.files) == max_files:
                            raise PayloadTooLarge(f"At most {max_files} files at once")
                        self.files.append(spools.enter_context(vault.arriving(filename or "", max_file_bytes)))
                    case Data(data=data, more_data=has_more):
                        received += len(data)
                        if field is None:
                            await self.files[-1].write(data)
                            if watcher is not None:
                                await watcher.moved(self.files[-1].name, received)
                            continue
                        field += data
                        if len(field) > _MAX_FIELD_BYTES:
                            raise ValidationFailed.at(
                                name[:50], "is too long", Problem.TOO_MANY_BYTES, _MAX_FIELD_BYTES
                            )
                        if not has_more and name == "workspaceId":
                            self.workspace_id = _id(bytes(field))
                            if watcher is not None:
                                await watcher.begun(self.workspace_id)


def _id(raw: bytes) -> str:
    try:
        return str(UUID(raw.decode("ascii")))
    except ValueError:
        raise ValidationFailed.at("workspaceId", "is no id", Problem.MALFORMED) from None
