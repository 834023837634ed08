"""A message on its way to an actor."""

from msgspec import Struct

from nvserver.core.commands import EditNote
from nvserver.workspace import messages as m
from nvserver.workspace.router import OnReply


class Envelope(Struct, frozen=True):
    """A message in the mailbox, and who hears the reply."""

    message: m.Message
    on_reply: OnReply | None


def weigh(envelope: Envelope) -> int:
    """About how many bytes of memory the message holds."""
    match envelope.message:
        case m.Submit(command=EditNote(op=op)):
            return 300 + sum(len(component) for component in op if type(component) is str)
        case m.Submit(command=command):
            return 500 + 2 * len(getattr(command, "content", ""))
        case m.PutNote(content=str(content)):
            return 500 + 2 * len(content)
        case _:
            return 300
