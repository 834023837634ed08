"""A client's copy of one note, as the realtime contract wants clients to keep it: one operation in flight, later typing
composed, a resend equal to what was sent first.

Pure. The text is a plain string, so that a fault of the server's chunked text cannot hide in it.
"""

from dataclasses import dataclass

from nvserver.core.ot import Operation, compose, transform


def apply_plain(text: str, op: Operation) -> str:
    """`op` on a plain string, in the most obvious way."""
    result = []
    position = 0
    for component in op:
        if isinstance(component, str):
            result.append(component)
        elif component > 0:
            if position + component > len(text):
                raise ValueError("the operation reaches past the end")
            result.append(text[position : position + component])
            position += component
        else:
            if position - component > len(text):
                raise ValueError("the operation reaches past the end")
            position -= component
    result.append(text[position:])
    return "".join(result)


@dataclass(frozen=True, slots=True)
class SentEdit:
    """An edit as it was first sent; a resend is equal to it."""

    base_seq: int
    op: Operation
    client_seq: int


class NoteReplica:
    """`text` is what the person sees; `seq` the newest edit of the workspace processed for this note."""

    def __init__(self, text: str, seq: int) -> None:
        self.text = text
        self.seq = seq
        self.sent: SentEdit | None = None
        self._out: Operation | None = None
        self._buffer: Operation | None = None

    @property
    def is_clean(self) -> bool:
        """Whether everything typed is acknowledged."""
        return self.sent is None and self._buffer is None

    @property
    def has_waiting(self) -> bool:
        """Whether something was typed that has not been sent."""
        return self._buffer is not None

    def type(self, op: Operation) -> None:
        """The person edits."""
        self.text = apply_plain(self.text, op)
        self._buffer = op if self._buffer is None else compose(self._buffer, op)

    def next_edit(self, client_seq: int) -> SentEdit | None:
        """The edit to send now, if one may be: none is in flight and something was typed."""
        if self.sent is not None or self._buffer is None:
            return None
        self._out, self._buffer = self._buffer, None
        self.sent = SentEdit(self.seq, self._out, client_seq)
        return self.sent

    def receive(self, seq: int, op: Operation) -> None:
        """Somebody else's edit, committed as `seq`. What was committed first stays left."""
        if self._out is not None:
            self._out, op = transform(self._out, op, "right"), transform(op, self._out, "left")
        if self._buffer is not None:
            self._buffer, op = transform(self._buffer, op, "right"), transform(op, self._buffer, "left")
        self.text = apply_plain(self.text, op)
        self.seq = seq

    def acknowledge(self, seq: int) -> None:
        """The edit in flight came back, committed as `seq`."""
        if self.sent is None:
            raise ValueError("nothing was in flight")
        self.sent = self._out = None
        self.seq = seq
