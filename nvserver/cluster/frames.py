"""What nodes say to each other: msgpack of typed values, no pickle. What does not fit its type is not taken."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import msgspec

from nvserver.core.contents import Contents
from nvserver.core.ot import Text
from nvserver.core.principal import Principal
from nvserver.errors import Internal, NoteVaultError, WorkspaceMoved
from nvserver.workspace import messages as m
from nvserver.workspace.events import WorkspaceEvent
from nvserver.workspace.session import Session


class _Item(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Base of what a frame holds."""


class Enter(_Item, frozen=True, tag=1):
    """A session of the member's that messages after this may name."""

    session_id: str
    client_id: str
    principal: Principal


class Call(_Item, frozen=True, tag=2):
    """A message for the workspace's actor. `number` 0 wants no reply; else it counts up by one in its link."""

    number: int
    workspace_id: str
    message: msgspec.Raw


class Reply(_Item, frozen=True, tag=3):
    number: int
    reply: msgspec.Raw


class Part(_Item, frozen=True, tag=10):
    """A piece of a reply that is too long for one item. All of them joined are what `Reply.reply` is."""

    number: int
    body: bytes
    is_last: bool


class Failure(_Item, frozen=True, tag=4):
    """The call was refused. `is_untouched`: see `WorkspaceMoved`."""

    number: int
    code: str
    message: str
    details: msgspec.Raw
    is_untouched: bool = False


class Told(_Item, frozen=True, tag=5):
    """An event, once for all the sessions of the node that get it."""

    workspace_id: str
    event: msgspec.Raw
    session_ids: tuple[str, ...]


class Detached(_Item, frozen=True, tag=6):
    """The workspace has let go of the session."""

    workspace_id: str
    session_id: str


class Gone(_Item, frozen=True, tag=7):
    """The activation has ended; its sessions are to be attached to the next one."""

    workspace_id: str


class Heard(_Item, frozen=True, tag=11):
    """The answer to `Gone`: what the sender asks of the workspace from here on is for the next activation. What it
    asked before was on its way; the next one must not get it, as it would overtake what has to be asked again."""

    workspace_id: str


class Order(_Item, frozen=True, tag=8):
    """Hand the workspace over to the node (its id or name). Answered as a call: None, or a failure."""

    number: int
    workspace_id: str
    node: str


class Silence(_Item, frozen=True, tag=9):
    """Nothing: that the sender lives, and where its numbers stand."""


Item: TypeAlias = Enter | Call | Reply | Part | Failure | Told | Detached | Gone | Heard | Order | Silence


class LinkFrame(msgspec.Struct, frozen=True, array_like=True, tag="link"):
    """A piece of one direction of a link. `seq` counts up by one from 0 in that direction; `taken_bytes` is what the
    sender has taken of the other; `wire` is told with the first frame of all."""

    sender: str
    receiver: str
    link_id: str
    is_from_opener: bool
    seq: int
    items: tuple[Item, ...]
    taken_bytes: int
    wire: int = 0


class LinkBroken(msgspec.Struct, frozen=True, array_like=True, tag="broken"):
    """The sender will take nothing more on this link: something was lost, or it does not know it."""

    sender: str
    receiver: str
    link_id: str


class TellUser(msgspec.Struct, frozen=True, array_like=True, tag="tell"):
    """To all nodes: an event for all connections of a person. `seq` counts the sender's words to all."""

    sender: str
    seq: int
    user_id: str
    event: str
    payload: msgspec.Raw


class CloseSignIn(msgspec.Struct, frozen=True, array_like=True, tag="close"):
    """To all nodes: a sign-in was revoked."""

    sender: str
    seq: int
    auth_session_id: str


class CountTries(msgspec.Struct, frozen=True, array_like=True, tag="tries"):
    """To all nodes: somebody tried something that is throttled. `key` is a hash."""

    sender: str
    seq: int
    throttle: str
    key: str
    tries: int


Word: TypeAlias = TellUser | CloseSignIn | CountTries
"""To all nodes."""
Frame: TypeAlias = LinkFrame | LinkBroken | Word


def _encode(value: Any) -> str:
    """A text as what it says, a session as its id."""
    return str(value) if isinstance(value, Text) else value.id


def _decode(_kind: type, text: str) -> Text:
    return Text.of(text)


ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_encode)
FRAMES: Final = msgspec.msgpack.Decoder(Frame)
EVENTS: Final = msgspec.msgpack.Decoder(WorkspaceEvent)
REPLY_TYPES: Final = (
    m.Accepted
    | m.NotePut
    | m.Joined
    | m.Attached
    | m.NoteOpened
    | m.WorkspaceView
    | m.NoteView
    | m.NotePage
    | m.Canvas
    | m.ThreadList
    | m.MemberList
    | m.Watched
    | m.VersionList
    | Contents
    | int
    | None
)
REPLIES: Final = msgspec.msgpack.Decoder(REPLY_TYPES, dec_hook=_decode)
_DETAILS: Final = msgspec.msgpack.Decoder()


def message_decoder(session_of: Callable[[str], Session]) -> msgspec.msgpack.Decoder[m.Message]:
    """`session_of` gives the session for its id, or raises `ValueError`."""

    def decode_session(_kind: type, session_id: Any) -> Session:
        return session_of(session_id)

    return msgspec.msgpack.Decoder(m.Message, dec_hook=decode_session)


def failure(number: int, error: NoteVaultError) -> Failure:
    """The error on its way."""
    is_moved = isinstance(error, WorkspaceMoved)
    code = "MOVED" if is_moved else error.code
    details = msgspec.Raw(msgspec.msgpack.encode(error.details))
    return Failure(number, code, error.message, details, isinstance(error, WorkspaceMoved) and error.is_untouched)


def error_of(failed: Failure) -> NoteVaultError:
    """The error that it was."""
    if failed.code == "MOVED":
        return WorkspaceMoved(failed.message, is_untouched=failed.is_untouched)
    kind = _kinds().get(failed.code, Internal)
    error = kind.__new__(kind)
    NoteVaultError.__init__(error, failed.message, _DETAILS.decode(failed.details))
    return error


def _kinds(base: type[NoteVaultError] = NoteVaultError) -> dict[str, type[NoteVaultError]]:
    """Error classes by code; of those that share one the most general."""
    if not _KINDS:
        waiting = [base]
        for kind in waiting:
            waiting.extend(kind.__subclasses__())
            _KINDS.setdefault(kind.code, kind)
    return _KINDS


_KINDS: Final[dict[str, type[NoteVaultError]]] = {}
