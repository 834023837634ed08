"""The text of a note as an immutable value, cut into chunks: a keystroke copies one chunk, not the whole note.

Invariants (kept by `Text.of` and `Text.apply`, the only makers):

1. No chunk is longer than MAX_CHUNK; but a text made of an ASCII string is that string, uncut, until an edit comes.
2. Where there is more than one chunk, none is shorter than MIN_CHUNK.
3. The empty text has no chunk.

A chunk that grows past the maximum is cut into even parts, each at least half of it; one that shrinks below the minimum
is joined to a neighbour. Between the two lies a quarter of MAX_CHUNK, so an author at a border does not cut and join
with every key. The chunks are strings, so one emoji widens its own chunk to four bytes a character and no other; where
there is none, cutting what nobody edits would only make a second copy.
"""

from itertools import pairwise
from typing import Self

import msgspec

from nvserver.core.ot.operation import Operation, OperationError, base_length

MAX_CHUNK = 8192
MIN_CHUNK = MAX_CHUNK // 4


class Text(msgspec.Struct, frozen=True, eq=False):
    """An immutable text. Made by `Text.of`; `length` and all positions count code points."""

    chunks: tuple[str, ...]
    length: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Make a text of a string, which `check_text` should have passed."""
        return cls((text,) if text.isascii() and text else _cut(text), len(text))

    def __len__(self) -> int:
        return self.length

    def __str__(self) -> str:
        return "".join(self.chunks)

    def __repr__(self) -> str:
        return f"Text(length={self.length})"  # Never the words: a repr ends up in logs.

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Text):
            return NotImplemented
        return self.length == other.length and str(self) == str(other)

    def __ne__(self, other: object) -> bool:
        return not self == other  # the struct's own would compare identities

    def __hash__(self) -> int:
        return hash(str(self))

    def slice(self, start: int, end: int) -> str:
        """Return the string between two positions, `0 <= start <= end`; past the end there is nothing."""
        start, end = min(start, self.length), min(end, self.length)
        first, inside = self._locate(start)
        offset = start - inside
        last, _ = self._locate(end - offset, first)
        return "".join(self.chunks[first : last + 1])[inside : end - offset]

    def apply(self, op: Operation) -> Self:
        """Return the text after `op`. Raises OperationError when `op` reaches past the end."""
        if not op:
            return self
        start = op[0] if isinstance(op[0], int) and op[0] > 0 else 0
        changes = op[1:] if start else op
        if len(changes) > 1:
            end = base_length(op)
            inserted = _splice(self.slice(start, end), changes)
        elif isinstance(changes[0], str):
            end, inserted = start, changes[0]
        else:
            end, inserted = start - changes[0], ""
        if end > self.length:
            raise OperationError(f"the operation reaches to {end} in a text of {self.length} characters")
        return self._replace(start, end, inserted)

    def _replace(self, start: int, end: int, inserted: str) -> Self:
        chunks = self.chunks
        if not chunks:
            return self.of(inserted)
        first, inside = self._locate(start)
        rest = inside + end - start
        part, after = chunks[first], first + 1
        if rest > len(part):
            after = self._locate(rest, first)[0] + 1
            part = "".join(chunks[first:after])
        part = part[:inside] + inserted + part[rest:]
        if len(part) < MIN_CHUNK and len(chunks) > after - first:
            if after < len(chunks):
                part += chunks[after]
                after += 1
            else:
                first -= 1
                part = chunks[first] + part
        return type(self)(chunks[:first] + _cut(part) + chunks[after:], self.length - (end - start) + len(inserted))

    def _locate(self, position: int, first: int = 0) -> tuple[int, int]:
        """Find the chunk of the character after `position`, which counts from the start of chunk `first`.

        Return the index of the chunk and the position inside it. At the end of the text that is the last chunk. Of two
        chunks at a border it is the latter, so that deleting one character never reaches into two.
        """
        chunks = self.chunks
        last = len(chunks) - 1
        for index in range(first, last):
            length = len(chunks[index])
            if position < length:
                return index, position
            position -= length
        return last, position


def _splice(text: str, changes: Operation) -> str:
    """Apply components to a string that they walk to its end."""
    pieces: list[str] = []
    position = 0
    for component in changes:
        if isinstance(component, str):
            pieces.append(component)
        elif component > 0:
            pieces.append(text[position : position + component])
            position += component
        else:
            position -= component
    return "".join(pieces)


def _cut(text: str) -> tuple[str, ...]:
    """Cut a string into as few even parts as MAX_CHUNK allows."""
    if len(text) <= MAX_CHUNK:
        return (text,) if text else ()
    count = -(-len(text) // MAX_CHUNK)
    borders = [len(text) * part // count for part in range(count + 1)]
    return tuple([text[start:end] for start, end in pairwise(borders)])
