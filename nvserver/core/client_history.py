"""What a client writes down of what it did and was told: lines of JSON, which `nvserver verify` holds against the log.

A line is an object with its `kind`; docs/client-histories.md describes them for other programs.
"""

from typing import Final, TypeAlias

import msgspec


class _Told(msgspec.Struct, frozen=True, rename="camel", tag_field="kind", omit_defaults=True):
    """Base of all lines."""


class _Line(_Told, frozen=True):
    """Base of the lines that are about a workspace."""

    workspace_id: str


class Invoked(_Line, frozen=True, tag="invoke"):
    """The client sends a numbered request, for the first time or again."""

    client_id: str
    client_seq: int
    payload_hash: str | None = None


class Acked(_Line, frozen=True, tag="ack"):
    """The client was told, by an acknowledgement or by its edit coming back, that its request is the entry `seq`.

    `payload_hash` (32 hex digits) is that of what it had sent. Of an edit: `inserted` is the text it inserted,
    `deleted` the characters it meant to delete, in any order. `node`: who told it."""

    client_id: str
    client_seq: int
    seq: int
    payload_hash: str | None = None
    inserted: str | None = None
    deleted: str | None = None
    node: str | None = None


class Failed(_Line, frozen=True, tag="fail"):
    """The client was told that its request is refused for good."""

    client_id: str
    client_seq: int
    code: str


class Unknown(_Line, frozen=True, tag="unknown"):
    """The client lost its connection, or was told `UNAVAILABLE`, and does not know what became of its request."""

    client_id: str
    client_seq: int


class Received(_Line, frozen=True, tag="receive"):
    """The person `user_id` was told the edit `seq` of a note: `op` on the wire, by its author's number."""

    user_id: str
    note_id: str
    seq: int
    op: list[int | str | dict[str, int]]
    client_id: str | None
    client_seq: int | None


class Quiesced(_Line, frozen=True, tag="quiesce"):
    """Nothing is under way; the client, which has processed the note's edits up to `seq`, shows `text`."""

    client_id: str
    note_id: str
    seq: int
    text: str


class Activated(_Line, frozen=True, tag="activate"):
    """A node says that it opened the workspace under `epoch`, whose log ended with the entry `seq` then."""

    epoch: int
    node: str
    seq: int | None = None


class Fenced(_Line, frozen=True, tag="fence"):
    """A node says that an append of its was refused, because somebody else owns the workspace by now."""


class Injected(_Told, frozen=True, tag="inject"):
    """Whoever breaks things on purpose says that the fault `name` struck, so many times."""

    name: str
    times: int = 1


Claim: TypeAlias = Acked | Received | Quiesced
"""What is held against the entry of its `seq`."""

Line: TypeAlias = Invoked | Acked | Failed | Unknown | Received | Quiesced | Activated | Fenced | Injected

_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final[msgspec.json.Decoder[Line]] = msgspec.json.Decoder(Line)


def encode_line(line: Line) -> bytes:
    """One line, its end included."""
    return _ENCODER.encode(line) + b"\n"


def decode_line(data: bytes) -> Line:
    """The inverse. Raises `msgspec.DecodeError` for what is no line."""
    return _DECODER.decode(data)
