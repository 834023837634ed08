"""A client's copy of one note, as the realtime contract wants clients to keep it: one operation in flight, later typing
composed, a resend equal to what was sent first, undo of the person's own edits alone.

Pure. The text is a plain string, so that a fault of the server's chunked text cannot hide in it.
"""

from dataclasses import dataclass

from nvserver.core.ot import Operation, Text, compose, diff, invert, transform

_MAX_UNDO = 20


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
    """`text` is what the person sees; `seq` the newest edit of the workspace processed for this note.

    `text` is `base`, the server's text at `seq`, after the edit in flight and after what was typed since. A whole text
    of the server (`load`) may or may not contain the edit in flight: then the replica waits for the answer to its
    resend (`settle`), and shows the old text until then.
    """

    def __init__(self, text: str, seq: int) -> None:
        self.base = text
        self.text = text
        self.seq = seq
        self.sent: SentEdit | None = None
        self._out: Operation | None = None
        self._buffer: Operation | None = None
        self._undo: list[Operation] = []
        self._loaded: str | None = None

    @property
    def is_clean(self) -> bool:
        """Whether everything typed is acknowledged."""
        return self.sent is None and self._buffer is None

    @property
    def has_waiting(self) -> bool:
        """Whether something was typed that has not been sent."""
        return self._buffer is not None

    @property
    def is_settling(self) -> bool:
        """Whether it is unknown if the server's text contains the edit in flight."""
        return self._loaded is not None

    def type(self, op: Operation) -> None:
        """The person edits."""
        self._undo.append(invert(op, Text.of(self.text)))
        del self._undo[:-_MAX_UNDO]
        self._edit(op)

    def undo(self) -> Operation:
        """Take back the person's own last edit that was not taken back yet, and nothing of anybody else's; what was
        done, `()` if there is nothing."""
        op = self._undo.pop() if self._undo else ()
        if op:
            self._edit(op)
        return op

    def next_edit(self, client_seq: int) -> SentEdit | None:
        """The edit to send now, if one may be: none is in flight and something was typed."""
        if self.sent is not None or self._buffer is None:
            return None
        self._out, self._buffer = self._buffer, None
        self.sent = SentEdit(self.seq, self._out, client_seq)
        return self.sent

    def receive(self, seq: int, op: Operation) -> None:
        """Somebody else's edit, or several composed, the newest committed as `seq`. What was committed first stays
        left."""
        self.seq = seq
        if self._loaded is not None:
            self._loaded = apply_plain(self._loaded, op)
            return
        self.base = apply_plain(self.base, op)
        if self._out is not None:
            self._out, op = transform(self._out, op, "right"), transform(op, self._out, "left")
        self._pass_buffer(op)

    def acknowledge(self, seq: int, op: Operation) -> None:
        """The edit in flight came back, committed as `seq`. Raises ValueError unless it is what it has to be by now."""
        if self.sent is None or self._out is None:
            raise ValueError("nothing was in flight")
        self.seq = seq
        if self._loaded is not None:
            self._loaded = apply_plain(self._loaded, op)
            self.settle(is_included=True)
            return
        if op != self._out:
            raise ValueError(f"the edit in flight came back as {op}, not as {self._out}")
        self.base = apply_plain(self.base, op)
        self.sent = self._out = None

    def load(self, text: str, seq: int) -> None:
        """The server's whole text as of `seq`."""
        self._loaded = text
        self.seq = seq
        if self.sent is None:
            self.settle(is_included=False)

    def settle(self, *, is_included: bool) -> None:
        """It is known whether what was loaded contains the edit in flight: what it does not contain is merged into
        it."""
        assert self._loaded is not None
        common = self.base
        if self._out is not None and is_included:
            common = apply_plain(common, self._out)
        elif self._out is not None:
            self._thaw()
        self.sent = self._out = None
        self.base, self._loaded = self._loaded, None
        self._pass_buffer(diff(common, self.base))

    def abandon(self) -> None:
        """The edit in flight was refused: give up it and what was typed since."""
        self.sent = self._out = self._buffer = None
        self._undo.clear()
        self.text = self.base
        if self._loaded is not None:
            self.settle(is_included=False)

    def _edit(self, op: Operation) -> None:
        self.text = apply_plain(self.text, op)
        self._buffer = op if self._buffer is None else compose(self._buffer, op)

    def _thaw(self) -> None:
        assert self._out is not None
        self._buffer = self._out if self._buffer is None else compose(self._out, self._buffer)

    def _pass_buffer(self, op: Operation) -> None:
        """`op`, made by others on the text without the waiting typing, is done in the text that the person sees."""
        if self._buffer is not None:
            self._buffer, op = transform(self._buffer, op, "right"), transform(op, self._buffer, "left")
        self.text = apply_plain(self.text, op)
        for index in range(len(self._undo) - 1, -1, -1):  # each is made on the text that the one after it leaves
            mine = self._undo[index]
            self._undo[index], op = transform(mine, op, "right"), transform(op, mine, "left")
