"""Routes of people's pictures."""

from contextlib import ExitStack

import trio

from nvserver.edge.http.account_shapes import user_of
from nvserver.edge.http.auth import UserAnswer
from nvserver.edge.http.downloads import is_known, safe_headers
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.uploads import MULTIPART, Upload
from nvserver.errors import (
    FileNotFound,
    PayloadTooLarge,
    RequestTimeout,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from nvserver.ports.accounts import ProfileUpdate
from nvserver.problems import Problem
from nvserver.services.accounts import AccountService
from nvserver.services.avatars import Avatars
from nvserver.services.file_vault import FileVault

MAX_AVATAR_BYTES = 10 * 1024 * 1024


class AvatarRoutes:
    """`/api/auth/me/avatar` and `/api/avatars/{avatarId}`, which browsers load without a token."""

    def __init__(
        self, avatars: Avatars, vault: FileVault, accounts: AccountService, *, transfer_seconds: float
    ) -> None:
        self._avatars = avatars
        self._vault = vault
        self._accounts = accounts
        self._transfer_seconds = transfer_seconds

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        mine, errors = "/api/auth/me/avatar", (UnsupportedMediaType, PayloadTooLarge, ValidationFailed, RequestTimeout)
        return (
            Route(
                "POST", mine, self._put, "Upload one's picture: a form with one part named `file`",
                takes=MULTIPART, answer=UserAnswer, max_body_bytes=MAX_AVATAR_BYTES, errors=errors,
            ),
            Route("DELETE", mine, self._remove, "Take one's picture away", answer=UserAnswer),
            Route(
                "GET", "/api/avatars/{avatarId}", self._get, "Somebody's picture",
                gives="image/webp", is_public=True, errors=(FileNotFound,),
            ),
        )  # fmt: skip

    async def _put(self, call: Call[None, None]) -> UserAnswer:
        with ExitStack() as spools:
            form = Upload()
            await form.read(call.upload, self._vault, spools, max_files=1, watcher=None)
            if not form.files:
                raise ValidationFailed.at("file", "is required", Problem.REQUIRED)
            with trio.CancelScope(shield=True, deadline=trio.current_time() + self._transfer_seconds):
                return await self._change(call.user_id, await self._avatars.keep(form.files[0]))
        raise Unavailable("This took too long; its outcome is unknown")

    async def _remove(self, call: Call[None, None]) -> UserAnswer:
        return await self._change(call.user_id, None)

    async def _change(self, user_id: str, address: str | None) -> UserAnswer:
        before = await self._accounts.account(user_id)
        account = await self._accounts.update_profile(user_id, ProfileUpdate(avatar_url=address))
        await self._avatars.discard(before.avatar_url)
        return UserAnswer(user_of(account))

    async def _get(self, call: Call[None, None]) -> Answer:
        avatar_id = call.id_param("avatarId", FileNotFound)
        own = (
            *(one for one in safe_headers("image/webp", "avatar.webp", avatar_id, is_inline=True)
              if one[0] != "Cache-Control"),
            ("Cache-Control", "public, max-age=31536000, immutable"),
        )  # fmt: skip
        if is_known(call.headers, avatar_id):
            return Answer(None, 304, own)
        return Answer(await self._avatars.read(avatar_id), 200, own)
