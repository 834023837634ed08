"""Links by which anybody reads or edits one note, in the name of who made them."""

from collections.abc import Sequence

import msgspec

from nvserver.errors import LinkNotFound, LinkPasswordWrong, PayloadTooLarge
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.note_links import Access, NoteLink, NoteLinkStore
from nvserver.services.mail_links import LONGEST_TOKEN, MailLinks
from nvserver.services.passwords import Passwords
from nvserver.services.refresh_tokens import token_hash
from nvserver.services.share_links import MOST_LINKS, check_end
from nvserver.services.sign_in_limits import SignInLimits


class MadeNoteLink(msgspec.Struct, frozen=True):
    """`url` and the secret in it, which nobody can be told again."""

    link: NoteLink
    url: str
    token: str


class NoteLinkService:
    """Makes, finds and ends links. Whether the creator may still do what the link does is judged by the workspace."""

    def __init__(
        self,
        store: NoteLinkStore,
        passwords: Passwords,
        limits: SignInLimits,
        links: MailLinks,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._limits = limits
        self._links = links
        self._now_ms = now_ms
        self._new_id = new_id

    async def create(
        self,
        workspace_id: str,
        note_id: str,
        creator_id: str,
        access: Access,
        expires_at: int | None,
        password: str | None,
    ) -> MadeNoteLink:
        """The right to it was judged before. Raises `ValidationFailed`, `PayloadTooLarge`, `Unavailable`."""
        now = self._now_ms()
        check_end(expires_at, now)
        password_hash = None
        if password is not None:
            self._passwords.check_new_length(password)
            password_hash = await self._passwords.hashed(password)
        link = NoteLink(self._new_id(), workspace_id, note_id, access, creator_id, now, expires_at, password_hash)
        url, token = self._links.secret("shared")
        if not await self._store.add(link, token_hash(token), most=MOST_LINKS):
            raise PayloadTooLarge(f"A note has at most {MOST_LINKS} links")
        return MadeNoteLink(link, url, token)

    async def of_note(self, note_id: str) -> Sequence[NoteLink]:
        """The note's links."""
        return await self._store.of_note(note_id, self._now_ms())

    async def revoke(self, note_id: str, link_id: str) -> None:
        """Raises `LinkNotFound`."""
        if not await self._store.remove(note_id, link_id):
            raise LinkNotFound

    async def open(self, token: str, password: str | None, address: str) -> NoteLink:
        """The link whose holder shows token and password. Raises `LinkNotFound`, `LinkPasswordWrong`, `RateLimited`."""
        link = None
        if len(token) <= LONGEST_TOKEN:
            link = await self._store.with_token(token_hash(token), self._now_ms())
        if link is None:
            raise LinkNotFound
        if link.password_hash is not None:
            if password is None:
                raise LinkPasswordWrong
            self._passwords.check_length(password)
            self._limits.before_password(link.id, address)
            if not await self._passwords.is_right(link.password_hash, password):
                raise LinkPasswordWrong
            self._limits.after_right_password(link.id, address)
        return link
