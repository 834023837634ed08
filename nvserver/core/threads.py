"""The comment threads of a workspace, by note; their anchors move with the text."""

from collections.abc import Iterable
from typing import TypeAlias

from msgspec.structs import replace

from nvserver.core.changes import CommentDeleted, CommentEdited, CommentReplied, CommentResolved, CommentStarted
from nvserver.core.model import Anchor, Comment, CommentThread
from nvserver.core.ot import Operation
from nvserver.core.ot.position import transform_position

ThreadChange: TypeAlias = CommentStarted | CommentReplied | CommentEdited | CommentDeleted | CommentResolved


class Threads:
    """Mutable; changed only by `Workspace.apply`."""

    __slots__ = ("_by_note",)

    def __init__(self, threads: Iterable[CommentThread] = ()) -> None:
        self._by_note: dict[str, dict[str, CommentThread]] = {}
        for thread in threads:
            self._by_note.setdefault(thread.note_id, {})[thread.id] = thread

    @property
    def all(self) -> tuple[CommentThread, ...]:
        """Of every note."""
        return tuple(thread for threads in self._by_note.values() for thread in threads.values())

    def of_note(self, note_id: str) -> tuple[CommentThread, ...]:
        """In the order in which they began."""
        return tuple(self._by_note.get(note_id, {}).values())

    def count_open(self, note_id: str) -> int:
        """Those that are not resolved."""
        return sum(thread.resolved_at is None for thread in self._by_note.get(note_id, {}).values())

    def get(self, note_id: str, thread_id: str) -> CommentThread | None:
        return self._by_note.get(note_id, {}).get(thread_id)

    def move(self, note_id: str, op: Operation) -> None:
        """`op` changed the note's text."""
        threads = self._by_note.get(note_id)
        if not threads or not op:
            return
        untouched = op[0] if isinstance(op[0], int) and op[0] > 0 else 0
        for thread in threads.values():
            if thread.anchor is not None and thread.anchor.end > untouched:
                threads[thread.id] = replace(thread, anchor=moved(thread.anchor, op))

    def drop(self, note_id: str) -> None:
        """Forget those of the note."""
        self._by_note.pop(note_id, None)

    def apply(self, change: ThreadChange, user_id: str, at: int) -> None:
        """What `user_id` did at that time."""
        threads = self._by_note.setdefault(change.note_id, {})
        if isinstance(change, CommentStarted):
            first = Comment(change.comment_id, user_id, change.text, at)
            thread = CommentThread(change.thread_id, change.note_id, change.anchor, change.quote, (first,))
            threads[thread.id] = thread
            return
        thread = threads[change.thread_id]
        match change:
            case CommentReplied(comment_id=comment_id, text=text):
                thread = replace(thread, comments=(*thread.comments, Comment(comment_id, user_id, text, at)))
            case CommentEdited(comment_id=comment_id, text=text):
                edited = tuple(
                    replace(one, text=text, edited_at=at) if one.id == comment_id else one for one in thread.comments
                )
                thread = replace(thread, comments=edited)
            case CommentDeleted(comment_id=comment_id):
                if thread.comments[0].id == comment_id:
                    del threads[thread.id]
                    return
                thread = replace(thread, comments=tuple(one for one in thread.comments if one.id != comment_id))
            case CommentResolved(is_resolved=True):
                thread = replace(thread, resolved_at=at, resolved_by=user_id)
            case CommentResolved():
                thread = replace(thread, resolved_at=None, resolved_by=None)
        threads[thread.id] = thread


def moved(anchor: Anchor, op: Operation) -> Anchor:
    """Where the anchor is after `op`. What is inserted at its edges stays outside."""
    start = transform_position(anchor.start, op, "right")
    return Anchor(start, max(start, transform_position(anchor.end, op, "left")))
