"""What a protocol has to tell the measuring core."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bench.core.link import Link

Key: TypeAlias = tuple[str | int, int]
"""Who made an edit, and its number."""


@dataclass(frozen=True, slots=True)
class NoteRef:
    """A note on the server; `workspace` is empty where there are no workspaces."""

    workspace: str
    note: str
    characters: int


class Member(Protocol):
    """One connection that has the note open."""

    link: Link

    def edit(self, position: int, is_jump: bool, characters: int, /) -> Key:
        """Send the insertion of so many characters, one unless `is_one_in_flight`. `position` is within the first text;
        the first one of a run of neighbours is a jump."""
        ...

    def read(self, message: bytes) -> Sequence[Key]:
        """The edits of which a message tells, own ones too: they are the acknowledgement."""
        ...


class Dialect(Protocol):
    """How clients of a server speak. Holds what is common to all connections to it, accounts for instance."""

    marker: bytes | None
    """Stands once in what the server sends for every edit that it delivers. None: ask `count_in`."""
    ping: bytes
    """A frame to which every client must answer, sooner or later."""
    is_one_in_flight: bool
    """Whether a typist must wait for the acknowledgement before its next edit."""

    def create_notes(self, port: int, workspaces: int, notes: int, characters: int) -> list[NoteRef]:
        """New notes holding that much text, spread over that many workspaces."""
        ...

    def open(self, port: int, note: NoteRef) -> Member:
        """Connect, join, open the note; return when its text is there."""
        ...

    def count_in(self, message: bytes) -> int:
        """How many edits a message delivers."""
        ...

    def answer_ping(self, link: Link) -> None:
        """Answer `ping`."""
        ...

    def count_edits(self, port: int, note: NoteRef) -> int | None:
        """How many of the edits made on the note the server holds; None where it holds no text."""
        ...


def first_text(characters: int) -> str:
    """ASCII words of exactly that length."""
    return ("the quick brown fox jumps over the lazy dog\n" * (characters // 44 + 1))[:characters]
