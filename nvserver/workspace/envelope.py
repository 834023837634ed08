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
    message = envelope.message
    if type(message) is m.Submit and type(message.command) is EditNote:  # by far the most frequent
        size = 300
        for component in message.command.op:
            if type(component) is str:
                size += len(component)
        return size
    match message:
        case m.Submit(command=command):
            return 500 + 2 * len(getattr(command, "content", ""))
        case m.PutNote(content=str(content)):
            return 500 + 2 * len(content)
        case _:
            return 300
