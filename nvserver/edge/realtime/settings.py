"""The knobs of the realtime gateway."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class RealtimeSettings:
    """Section `[realtime]` of the settings. Rates are per connection."""

    websocket: Literal["own", "trio-websocket"] = "own"
    """Who reads WebSocket frames: our own reader, or trio-websocket, which ours is measured and tested against."""
    ping_interval_seconds: float = field(default=23.0, metadata={"min": 0.05, "max": 600})
    """How often a client is asked whether it is still there. With the time-out: who vanishes is gone for the others
    within 45 seconds, on a busy machine too."""
    ping_timeout_seconds: float = field(default=20.0, metadata={"min": 0.05, "max": 600})
    """How long it may take to answer before its connection is closed."""
    connect_seconds: float = field(default=5.0, metadata={"min": 0.05, "max": 600})
    """How long a client may take to show its token."""
    auth_grace_seconds: float = field(default=60.0, metadata={"min": 0.05, "max": 3600})
    """How long before a token ends the client is asked for a new one, and how long it may take to bring it."""
    close_seconds: float = field(default=5.0, metadata={"min": 0.05, "max": 600})
    """How long a client may take to answer a close frame."""
    write_seconds: float = field(default=10.0, metadata={"min": 0.05, "max": 600})
    """How long a client may take to read 64 KiB before its connection is closed."""
    rest_factor: float = field(default=15.0, metadata={"min": 0, "max": 1_000})
    """What clients sent is read in rounds: the next begins so many times later as the last one took CPU (`pace.py`)."""
    longest_round_seconds: float = field(default=0.016, metadata={"min": 0, "max": 1})
    """But not later than this: what an edit waits at most on a busy node. 0: every message is read at once."""
    rest_credit_seconds: float = field(default=0.01, metadata={"min": 0, "max": 1})
    """So much CPU may be spent without a rest after a while in which nobody wrote."""
    max_payload_bytes: int = field(default=4_194_304, metadata={"min": 1_024})
    """Size of a message of a client."""
    max_attachments: int = field(default=10, metadata={"min": 0, "max": 1_000})
    """Binary attachments of a message."""
    outbox_bytes: int = field(default=262_144, metadata={"min": 4_096})
    """What may wait for a client that reads slowly; beyond it the overflow policy decides (`outbox.py`)."""
    held_bytes: int = field(default=262_144, metadata={"min": 4_096})
    """Events of a client that may wait while the workspace they are for is being opened."""
    max_workspaces: int = field(default=64, metadata={"min": 1})
    """Workspaces a connection may be in."""
    max_polling_sessions: int = field(default=5_000, metadata={"min": 1})
    """Sessions that began with HTTP long-polling."""
    recovery_seconds: float = field(default=60.0, metadata={"min": 0, "max": 3_600})
    """How long a client that asked for it (`auth.recovery`) may come back after its connection was lost as if nothing
    had been; so long it is shown as present. 0: nobody."""
    recovery_bytes: int = field(default=65_536, metadata={"min": 1_024})
    """What is kept of the newest events of each such client; who has missed more joins anew."""
    max_recoveries: int = field(default=1_000, metadata={"min": 0})
    """Such clients that may be away at a time; beyond it who is lost has left."""
    changes_per_second: float = field(default=60.0, metadata={"min": 0.1})
    """Numbered events on average; beyond it they are answered `RATE_LIMITED`."""
    changes_burst: int = field(default=120, metadata={"min": 1})
    """Numbered events at once."""
    cursors_per_second: float = field(default=30.0, metadata={"min": 0.1})
    """Cursor moves that count; of those in between the newest."""
    messages_per_second: float = field(default=300.0, metadata={"min": 1})
    """Messages of any kind, and parts of fragmented ones, on average; beyond it the connection is closed with 1008."""
    messages_burst: int = field(default=1_000, metadata={"min": 1})
    """Messages of any kind at once."""
    rate_limits: bool = field(default=True, metadata={"derived": True})
    """False lifts every rate (not the sizes); set from `security.rate_limits`."""
    reconnect_seconds: float = field(default=1.0, metadata={"min": 0, "max": 600})
    """When the clients of a draining server are told to come back: within one to two times this."""
