"""A server for the test suites of the Engine.IO and Socket.IO protocols' authors: our front door, sessions, transports
and codecs with their timings, and users of the sessions that send everything back.

`python -m nvserver.testing.protocol_server` serves `/engine.io/` and Socket.IO under `/socket.io/` on the port that the
suites expect; CONTRIBUTING.md says how to run them.
"""

import argparse
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import trio

from nvserver.actors.timer import Timer, TimerHandle
from nvserver.core.wire import socketio
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.socketio import Packet, PacketType
from nvserver.core.wire.websocket import POLICY_VIOLATION
from nvserver.edge.front import FrontDoor, FrontSettings, open_listeners
from nvserver.edge.http.server import HttpServer
from nvserver.edge.http.settings import HttpSettings
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.engine_server import EngineServer, Occupy
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.polling_app import PollingApp
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.stream import Flusher
from nvserver.main import new_id, now_ms

PORT: Final = 3000
NAMESPACES: Final = frozenset({"/", "/custom"})
SETTINGS: Final = RealtimeSettings(
    ping_interval_seconds=0.3, ping_timeout_seconds=0.2, connect_seconds=0.6, max_payload_bytes=1_000_000
)
