"""Routes of a note's past."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from nvserver.core.history import EditGroup
from nvserver.edge.http.note_shapes import NoteAnswer, NoteItem, note_item
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import iso_time
from nvserver.errors import BaseTooOld, Forbidden, NoteNotFound, ValidationFailed, VersionNotFound
from nvserver.problems import Problem
from nvserver.workspace.messages import NoteView
from nvserver.workspace.past import NotePasts, Undo
from nvserver.workspace.versions import NoteVersions

Seq = Annotated[int, Meta(ge=0)]


class HistoryQuery(msgspec.Struct, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: str | None = None


class HistoryItem(msgspec.Struct, frozen=True, rename="camel"):
    """Neighbouring edits of one person; `toSeq` names the text after them."""

    user_id: str
    from_seq: int
    to_seq: int
    from_at: str
    to_at: str
    edits: int
    inserted: int
    deleted: int


class HistoryList(msgspec.Struct, frozen=True, rename="camel"):
    """`horizon`: the seq from which on the history is known; 0: from the note's making."""

    items: tuple[HistoryItem, ...]
    next_cursor: str | None
    horizon: int


class PastNoteAnswer(msgspec.Struct, frozen=True):
    """The note as it is, with the text it had after `seq`."""

    note: NoteItem
    seq: int


class RangeItem(msgspec.Struct, frozen=True, rename="camel"):
    """`length` characters that one person wrote; null: it is no longer known who."""

    user_id: str | None
    length: int


class AuthorshipAnswer(msgspec.Struct, frozen=True):
    """The ranges follow each other from the start of the text at `seq`."""

    seq: int
    ranges: tuple[RangeItem, ...]


class RevertBody(msgspec.Struct, frozen=True, rename="camel"):
    """`seq` alone: back to the text after it; `versionId` alone: back to that version. With `userId`, `fromSeq` or
    `toSeq` instead: take back only that person's edits, or those after `fromSeq` (default: the horizon) up to `toSeq`,
    or both; the edits of others stay."""

    seq: Seq | None = None
    version_id: UUID | None = None
    user_id: str | None = None
    from_seq: Seq | None = None
    to_seq: Seq | None = None


class HistoryRoutes:
    """`/api/notes/{noteId}/…`."""

    def __init__(self, history: NotePasts, versions: NoteVersions) -> None:
        self._history = history
        self._versions = versions

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        one, errors = "/api/notes/{noteId}", (NoteNotFound, BaseTooOld)
        return (
            Route(
                "GET", f"{one}/history", self._groups, "Its edits by author and time, newest first (notes:read)",
                query=HistoryQuery, answer=HistoryList, errors=errors,
            ),
            Route(
                "GET", f"{one}/at/{{seq}}", self._at, "The text it had (notes:read)",
                answer=PastNoteAnswer, errors=errors,
            ),
            Route(
                "GET", f"{one}/authorship", self._authorship, "Who wrote each part of it (notes:read)",
                answer=AuthorshipAnswer, errors=errors,
            ),
            Route(
                "POST", f"{one}/revert", self._revert, "Take edits back by a new edit (notes:update)",
                body=RevertBody, answer=NoteAnswer, errors=(*errors, VersionNotFound, Forbidden),
            ),
        )  # fmt: skip

    async def _groups(self, call: Call[None, HistoryQuery]) -> HistoryList:
        horizon, groups = await self._history.groups(call.user_id, call.id_param("noteId", NoteNotFound))
        cursor = call.query.cursor
        if cursor is not None:
            if not cursor.isdecimal():
                raise ValidationFailed.at("cursor", "is none of this list", Problem.MALFORMED)
            groups = [group for group in groups if group.to_seq < int(cursor)]
        page = groups[: call.query.limit]
        next_cursor = str(page[-1].to_seq) if len(groups) > len(page) else None
        return HistoryList(tuple(_item(group) for group in page), next_cursor, horizon)

    async def _at(self, call: Call[None, None]) -> PastNoteAnswer:
        note_id = call.id_param("noteId", NoteNotFound)
        seq = call.params["seq"]
        if not seq.isdecimal() or len(seq) > 15:
            raise ValidationFailed.at("seq", "must be a whole number", Problem.MALFORMED)
        past = await self._history.at(call.user_id, note_id, int(seq))
        return PastNoteAnswer(note_item(past.note, past.content), past.seq)

    async def _authorship(self, call: Call[None, None]) -> AuthorshipAnswer:
        seq, ranges = await self._history.authorship(call.user_id, call.id_param("noteId", NoteNotFound))
        return AuthorshipAnswer(seq, tuple(RangeItem(item.user_id, item.length) for item in ranges))

    async def _revert(self, call: Call[RevertBody, None]) -> NoteAnswer:
        body, note_id = call.body, call.id_param("noteId", NoteNotFound)
        is_selective = (body.user_id, body.from_seq, body.to_seq) != (None, None, None)
        view: NoteView
        if body.version_id is not None and body.seq is None and not is_selective:
            view = await self._versions.revert_to(call.user_id, note_id, str(body.version_id))
        elif body.version_id is not None:
            raise ValidationFailed.at("versionId", "stands alone", Problem.NOT_TOGETHER)
        elif body.seq is not None and not is_selective:
            view = await self._history.revert_to(call.user_id, note_id, body.seq)
        elif is_selective and body.seq is None:
            to_seq = 2**53 if body.to_seq is None else body.to_seq
            view = await self._history.undo(call.user_id, note_id, Undo(body.from_seq, to_seq, body.user_id))
        else:
            raise ValidationFailed.at(
                "seq", "give seq, or versionId, or any of userId, fromSeq and toSeq", Problem.NOT_TOGETHER
            )
        return NoteAnswer(note_item(view.note, view.content))


def _item(group: EditGroup) -> HistoryItem:
    return HistoryItem(
        group.user_id,
        group.from_seq,
        group.to_seq,
        iso_time(group.from_at),
        iso_time(group.to_at),
        group.edits,
        group.inserted,
        group.deleted,
    )
