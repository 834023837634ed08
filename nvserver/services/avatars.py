"""Pictures of people: made anew from what was sent, small, without what a camera notes; found by an id that tells
nothing."""

import io
from typing import Final

from nvserver.errors import UnsupportedMediaType
from nvserver.ports.blobs import BlobStore
from nvserver.ports.clock import NewId
from nvserver.ports.offload import Offload
from nvserver.services.file_vault import Arriving, FilesSettings
from nvserver.services.pictures import smaller

ADDRESS: Final = "/api/avatars/"
AVATAR_PIXELS: Final = 256
_PREFIX: Final = "avatars/"


class Avatars:
    """The account keeps the address of its avatar; the rest is here."""

    def __init__(self, blobs: BlobStore, offload: Offload, settings: FilesSettings, new_id: NewId) -> None:
        self._blobs = blobs
        self._offload = offload
        self._settings = settings
        self._new_id = new_id

    async def keep(self, file: Arriving) -> str:
        """The address of a new avatar. Raises `UnsupportedMediaType` for what is no picture."""
        await file.flush()
        try:
            small = await self._offload(smaller, file.content, AVATAR_PIXELS, self._settings.max_picture_pixels)
        except UnsupportedMediaType:
            raise UnsupportedMediaType("Send a PNG, JPEG, GIF or WebP") from None
        avatar_id = self._new_id()
        await self._blobs.put(_PREFIX + avatar_id, io.BytesIO(small))
        return ADDRESS + avatar_id

    async def read(self, avatar_id: str) -> bytes:
        """WebP. Raises `FileNotFound`."""
        return b"".join([piece async for piece in self._blobs.read(_PREFIX + avatar_id, 0, 2**31)])

    async def discard(self, address: str | None) -> None:
        """Delete what an account no longer points to. Addresses that are not ours are left alone."""
        if address is not None and address.startswith(ADDRESS):
            await self._blobs.delete(_PREFIX + address.removeprefix(ADDRESS))
