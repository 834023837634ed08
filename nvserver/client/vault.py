"""The client: what a program wants of a vault, one method each."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, BinaryIO, Literal

import httpx
import msgspec
from msgspec import UNSET, UnsetType

from nvserver.client.errors import error_of
from nvserver.client.session import Session, SignedIn
from nvserver.client.shapes import (
    Authored,
    Change,
    File,
    Found,
    Member,
    Note,
    NoteSummary,
    Revised,
    Role,
    User,
    Workspace,
)

TIMEOUT_SECONDS = 30.0


class _UserAnswer(msgspec.Struct):
    user: User


class _WorkspaceAnswer(msgspec.Struct):
    workspace: Workspace


class _MemberAnswer(msgspec.Struct):
    member: Member | UnsetType = UNSET


class _AuthorshipAnswer(msgspec.Struct):
    ranges: tuple[Authored, ...]


class _NoteAnswer(msgspec.Struct):
    note: Note


class _FilesAnswer(msgspec.Struct):
    files: tuple[File, ...]


class NoteVault:
    """`async with NoteVault("https://notes.example.com", api_token=…) as vault:` or `await vault.sign_in(…)`.

    All methods raise `ApiError` for what the server refuses and `httpx.TransportError` when it cannot be reached.
    """

    def __init__(
        self,
        url: str,
        *,
        api_token: str | None = None,
        refresh_token: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`refresh_token`: of an earlier sign-in (`vault.refresh_token`), which goes on; it changes at each use."""
        self._http = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS, transport=transport)
        self._session = Session(self._http, api_token, refresh_token)

    async def __aenter__(self) -> "NoteVault":
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    # --- who one is ---

    @property
    def refresh_token(self) -> str | None:
        """What brings this sign-in back later; a secret."""
        return self._session.refresh_token

    async def register(self, email: str, password: str, display_name: str) -> User:
        """A new account, and signed in."""
        return await self._enter("register", email=email, password=password, displayName=display_name)

    async def sign_in(self, email: str, password: str, *, code: str | None = None) -> User:
        """`code`: of the second factor, for accounts that have one (`SECOND_FACTOR_NEEDED`)."""
        return await self._enter("login", email=email, password=password, code=code)

    async def sign_out(self) -> None:
        """End the sign-in."""
        await self._session.tell("POST", "/api/auth/logout")
        self._session.forget()

    async def me(self) -> User:
        """The caller."""
        return (await self._session.ask("GET", "/api/auth/me", _UserAnswer)).user

    async def delete_account(self, password: str | None = None, *, code: str | None = None) -> None:
        """For good, with the workspaces that nobody else is in. `OWNS_WORKSPACES` while others are in some that the
        caller owns. Who has no password signs in anew before; `code`: of the second factor."""
        await self._session.request("DELETE", "/api/auth/me", json={"password": password, "code": code})
        self._session.forget()

    # --- workspaces ---

    def workspaces(self) -> AsyncIterator[Workspace]:
        """All that the caller is in."""
        return self._session.items("/api/workspaces", Workspace)

    async def create_workspace(self, name: str, description: str = "") -> Workspace:
        """The caller is its owner."""
        body = {"name": name, "description": description}
        return (await self._session.ask("POST", "/api/workspaces", _WorkspaceAnswer, body)).workspace

    async def workspace(self, workspace_id: str) -> Workspace:
        """One of them."""
        return (await self._session.ask("GET", f"/api/workspaces/{workspace_id}", _WorkspaceAnswer)).workspace

    async def update_workspace(
        self,
        workspace_id: str,
        *,
        name: str | UnsetType = UNSET,
        description: str | UnsetType = UNSET,
        icon: str | UnsetType | None = UNSET,
        color: str | UnsetType | None = UNSET,
        search_language: str | UnsetType | None = UNSET,
    ) -> Workspace:
        """Change what is given."""
        fields = {
            "name": name, "description": description, "icon": icon, "color": color, "searchLanguage": search_language,
        }  # fmt: skip
        body = {name: value for name, value in fields.items() if value is not UNSET}
        return (await self._session.ask("PUT", f"/api/workspaces/{workspace_id}", _WorkspaceAnswer, body)).workspace

    async def hand_over(self, workspace_id: str, user_id: str) -> Workspace:
        """The member owns it from now on."""
        path = f"/api/workspaces/{workspace_id}/transfer"
        return (await self._session.ask("POST", path, _WorkspaceAnswer, {"userId": user_id})).workspace

    def members(self, workspace_id: str) -> AsyncIterator[Member]:
        """Who is in it."""
        return self._session.items(f"/api/workspaces/{workspace_id}/members", Member)

    async def add_member(self, workspace_id: str, email: str, role: Role = "member") -> Member | None:
        """None: nobody has the address yet, and an invitation was sent there."""
        body = {"email": email, "role": role}
        path = f"/api/workspaces/{workspace_id}/members"
        return (await self._session.ask("POST", path, _MemberAnswer, body)).member or None

    async def set_role(self, workspace_id: str, user_id: str, role: Role) -> Member:
        """Of somebody who is in it."""
        path = f"/api/workspaces/{workspace_id}/members/{user_id}"
        member = (await self._session.ask("PUT", path, _MemberAnswer, {"role": role})).member
        assert member is not UNSET
        return member

    async def remove_member(self, workspace_id: str, user_id: str) -> None:
        """Oneself: leaving."""
        await self._session.tell("DELETE", f"/api/workspaces/{workspace_id}/members/{user_id}")

    async def delete_workspace(self, workspace_id: str) -> None:
        """With all that is in it."""
        await self._session.tell("DELETE", f"/api/workspaces/{workspace_id}")

    # --- notes ---

    def notes(
        self,
        workspace_id: str,
        *,
        sort: Literal["updated", "created", "title"] = "updated",
        tag: str | None = None,
        collection_id: str | None = None,
    ) -> AsyncIterator[NoteSummary]:
        """The notes of a workspace."""
        path = f"/api/workspaces/{workspace_id}/notes"
        return self._session.items(path, NoteSummary, sort=sort, tag=tag, collectionId=collection_id)

    async def create_note(
        self, workspace_id: str, title: str, content: str = "", *, tags: tuple[str, ...] = ()
    ) -> Note:
        """A new note."""
        body = {"title": title, "content": content, "tags": tags}
        return (await self._session.ask("POST", f"/api/workspaces/{workspace_id}/notes", _NoteAnswer, body)).note

    async def note(self, note_id: str) -> Note:
        """A note with its text."""
        return (await self._session.ask("GET", f"/api/notes/{note_id}", _NoteAnswer)).note

    async def revise(
        self,
        note: Note,
        *,
        title: str | UnsetType = UNSET,
        content: str | UnsetType = UNSET,
        tags: tuple[str, ...] | UnsetType = UNSET,
        color: str | UnsetType | None = UNSET,
        collection_id: str | UnsetType | None = UNSET,
    ) -> Revised:
        """Change what is given. The text is merged: what others wrote since the note was read stays."""
        fields = {"title": title, "content": content, "tags": tags, "color": color, "collectionId": collection_id}
        body = {name: value for name, value in fields.items() if value is not UNSET}
        return await self._session.ask("PUT", f"/api/notes/{note.id}", Revised, {**body, "baseSeq": note.seq})

    async def delete_note(self, note_id: str) -> None:
        """Into the trash."""
        await self._session.tell("DELETE", f"/api/notes/{note_id}")

    def trash(self, workspace_id: str) -> AsyncIterator[NoteSummary]:
        """What was deleted and can be restored."""
        return self._session.items(f"/api/workspaces/{workspace_id}/trash", NoteSummary)

    async def restore_note(self, note_id: str) -> Note:
        """Out of the trash."""
        return (await self._session.ask("POST", f"/api/notes/{note_id}/restore", _NoteAnswer)).note

    async def purge_note(self, workspace_id: str, note_id: str) -> None:
        """Out of the trash, for good: it cannot be undone."""
        await self._session.tell("DELETE", f"/api/workspaces/{workspace_id}/trash/{note_id}")

    async def empty_trash(self, workspace_id: str) -> None:
        """All that is in the trash and the caller may delete, for good: it cannot be undone."""
        await self._session.tell("DELETE", f"/api/workspaces/{workspace_id}/trash")

    async def authorship(self, note_id: str) -> tuple[Authored, ...]:
        """Who wrote each part of the text, from its start to its end."""
        return (await self._session.ask("GET", f"/api/notes/{note_id}/authorship", _AuthorshipAnswer)).ranges

    def history(self, note_id: str) -> AsyncIterator[Change]:
        """What was changed, newest first."""
        return self._session.items(f"/api/notes/{note_id}/history", Change)

    async def note_at(self, note_id: str, seq: int) -> Note:
        """The note with the text that it had after the change `seq`."""
        return (await self._session.ask("GET", f"/api/notes/{note_id}/at/{seq}", _NoteAnswer)).note

    # --- search ---

    def search(
        self, query: str, *, kind: Literal["notes", "files", "chat", "all"] = "all", workspace_id: str | None = None
    ) -> AsyncIterator[Found]:
        """What the caller may read, best first. `query` may hold `"phrases"`, `title:`, `tag:`, `author:`, `before:`
        and `after:`."""
        return self._session.items("/api/search", Found, q=query, type=kind, workspaceId=workspace_id)

    # --- files ---

    def files(self, workspace_id: str) -> AsyncIterator[File]:
        """The files of a workspace."""
        return self._session.items("/api/files", File, workspaceId=workspace_id)

    async def upload(self, workspace_id: str, name: str, content: bytes | BinaryIO) -> File:
        """A new file."""
        data: Mapping[str, Any] = {"workspaceId": workspace_id}
        response = await self._session.request(
            "POST", "/api/files/upload", data=data, files={"file": (name, content, "application/octet-stream")}
        )
        return msgspec.json.decode(response.content, type=_FilesAnswer).files[0]

    @asynccontextmanager
    async def download(self, file_id: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file's bytes as they come, inside the block."""
        await self.me()  # an access token that has ended is renewed
        headers = self._session.signed({})
        async with self._http.stream("GET", f"/api/files/{file_id}", headers=headers) as response:
            if not response.is_success:
                await response.aread()
                raise error_of(response)
            yield response.aiter_bytes()

    async def delete_file(self, file_id: str) -> None:
        """For good."""
        await self._session.tell("DELETE", f"/api/files/{file_id}")

    async def _enter(self, way: str, **body: object) -> User:
        signed_in = await self._session.ask("POST", f"/api/auth/{way}", SignedIn, {**body, "delivery": "body"})
        self._session.take(signed_in)
        return signed_in.user
