"""What somebody on this node asks of a workspace, from asking to answer, whichever owners are in between."""

from typing import Final

from nvserver.cluster.guests import Seat
from nvserver.errors import Conflict, NoteVaultError, Unavailable
from nvserver.workspace import messages as m
from nvserver.workspace.envelope import Envelope, weigh
from nvserver.workspace.router import OnReply

OF_SESSION: Final = (m.Join, m.Leave, m.OpenNote, m.CloseNote, m.MoveCursor, m.SetStatus, m.SetTyping)


class MemberCall:
    """`number` counts the member's calls, `size` is in bytes."""

    __slots__ = ("message", "number", "on_reply", "size")

    def __init__(self, message: m.Message, on_reply: OnReply | None, number: int) -> None:
        self.message = message
        self.on_reply = on_reply
        self.number = number
        self.size = weigh(Envelope(message, None))

    @property
    def may_be_repeated(self) -> bool:
        """Asking twice is the same as asking once."""
        message = self.message
        if isinstance(message, m.Submit):
            return message.author.client_seq is not None
        return not isinstance(message, m.PutNote)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody has to know what becomes of it, be it only the member."""
        if isinstance(self.message, m.MoveCursor):
            return False
        is_tracked = isinstance(self.message, m.Join | m.OpenNote | m.CloseNote | m.SetStatus | m.Leave)
        return is_tracked or self.on_reply is not None

    def answer(self, reply: object) -> None:
        if self.on_reply is not None:
            self.on_reply(reply)

    def fail(self, error: NoteVaultError) -> None:
        """There is no owner, or none that will do it. Who leaves has left all the same."""
        self.answer(None if isinstance(self.message, m.Leave) else error)

    def fail_as_not_here(self) -> None:
        """Its session is not in the workspace."""
        self.fail(not_here(self.message))


def not_here(message: m.Message) -> NoteVaultError:
    """What a session hears that is not in the workspace."""
    if isinstance(message, OF_SESSION) and isinstance(message.session, Seat) and message.session.has_left:
        return Unavailable("The workspace moved before it came to this, and you have left it since")
    return Conflict("Join the workspace first")
