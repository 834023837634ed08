"""What belongs to a workspace's contents beside its notes, wired together."""

from dataclasses import dataclass
from pathlib import Path

from nvserver.ports.blobs import BlobStore
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.offload import Offload
from nvserver.ports.store import Store
from nvserver.services.avatars import Avatars
from nvserver.services.calendars import CalendarService
from nvserver.services.exports import Exporter
from nvserver.services.file_vault import FilesSettings, FileVault


@dataclass(frozen=True, slots=True)
class ContentServices:
    """What routes use."""

    vault: FileVault
    avatars: Avatars
    files: FilesSettings
    calendars: CalendarService
    exporter: Exporter


def content_services(
    store: Store,
    blobs: BlobStore,
    offload: Offload,
    files: FilesSettings,
    now_ms: NowMs,
    new_id: NewId,
    *,
    spools: Path,
    public_url: str,
) -> ContentServices:
    """`spools` is a folder for what is on its way in; `public_url` stands before addresses that leave the server."""
    vault = FileVault(blobs, store.files, offload, files, now_ms, spool_dir=spools)
    avatars = Avatars(blobs, offload, files, new_id)
    calendars = CalendarService(store.calendar, store.index, offload, now_ms, new_id, public_url)
    return ContentServices(vault, avatars, files, calendars, Exporter(vault, offload))
