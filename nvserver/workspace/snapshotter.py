"""Writes snapshots beside the actors: encoding happens in a thread, and no actor waits for it."""

import structlog
import trio

from nvserver import failpoints
from nvserver.core.snapshot import WorkspaceImage, checksum, encode_image
from nvserver.errors import Unavailable
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog, Snapshot

log = structlog.get_logger()


class Snapshotter:
    """One snapshot at a time. Overflow policy: of a workspace only the newest image waits; an image shares its texts
    with the state, so what waits is small. A snapshot that cannot be saved is dropped: the log has everything."""

    def __init__(self, oplog: OpLog, offload: Offload) -> None:
        self._oplog = oplog
        self._offload = offload
        self._waiting: dict[str, WorkspaceImage] = {}
        self._arrived = trio.Event()

    def request(self, image: WorkspaceImage) -> None:
        """Save `image` soon. All of its entries must be durable."""
        self._waiting[image.workspace_id] = image
        self._arrived.set()

    async def run(self) -> None:
        """Save until cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived = trio.Event()
            while self._waiting:
                await self._save(self._waiting.pop(next(iter(self._waiting))))

    async def flush(self) -> None:
        """Save what waits, now. For the end of a drain; the caller sets the deadline."""
        while self._waiting:
            await self._save(self._waiting.pop(next(iter(self._waiting))))

    async def _save(self, image: WorkspaceImage) -> None:
        failpoints.hit("before_snapshot", image.workspace_id)
        body = await self._offload(encode_image, image)
        try:
            failpoints.hit("mid_snapshot", image.workspace_id)
            await self._oplog.save_snapshot(Snapshot(image.workspace_id, image.seq, checksum(body), body))
            failpoints.hit("after_snapshot", image.workspace_id)
        except Unavailable as error:
            log.warning("snapshot not saved", workspace=image.workspace_id, seq=image.seq, error=error.message)
