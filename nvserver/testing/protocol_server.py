"""A server for the test suites of the protocols: of WebSocket (the Autobahn cases) and of the authors of Engine.IO and
Socket.IO. Our front door, sessions, transports and codecs with their timings, and users that send everything back.

`python -m nvserver.testing.protocol_server engine.io` (or `socket.io`, `websocket`) serves the path of that name on the
port that the suite expects; CONTRIBUTING.md says how to run it.
"""

import argparse
import json
from dataclasses import replace
from typing import Final

import trio

from nvserver.actors.timer import Timer
from nvserver.core.wire import socketio
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.socketio import Packet, PacketType
from nvserver.core.wire.websocket import POLICY_VIOLATION, encode_binary_frame, encode_text_frame
from nvserver.edge.front import FrontDoor, FrontSettings, Upgrade, open_listeners
from nvserver.edge.http.server import HttpServer
from nvserver.edge.http.settings import HttpSettings
from nvserver.edge.pace import Pace
from nvserver.edge.readers import Readers
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.engine_server import EngineServer
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.polling_app import PollingApp
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.realtime.websocket import WebSocketTransport, answer_handshake
from nvserver.edge.stream import BufferedStream, Flusher
from nvserver.process import new_id, now_ms

PORT: Final = 3000
LARGEST_AUTOBAHN_MESSAGE: Final = 16 * 2**20
NAMESPACES: Final = frozenset({"/", "/custom"})
SETTINGS: Final = RealtimeSettings(
    ping_interval_seconds=0.3, ping_timeout_seconds=0.2, connect_seconds=1.5, max_payload_bytes=1_000_000
)


class EngineEcho:
    """Sends every message of an Engine.IO session back."""

    answer_due_seconds = 0.0
    is_writing = False

    def __init__(self, session: EngineSession) -> None:
        self._session = session

    def received(self, text: str) -> None:
        self._session.send(Outgoing.of(b"4" + text.encode()))

    def received_binary(self, data: bytes) -> None:
        self._session.send(Outgoing.of_binary(data))

    def make_room(self, outbox: Outbox, item: Outgoing) -> bool:  # noqa: ARG002 - nothing can be left out
        return True

    def closed(self, reason: str) -> None:
        """Nothing is kept."""


class SocketEcho(EngineEcho):
    """Answers CONNECT with the `auth` it brought, `message` with `message-back`, `message-with-ack` with its payload.

    Who has not entered a namespace in time is closed, as in the product."""

    def __init__(self, session: EngineSession, timer: Timer, settings: RealtimeSettings) -> None:
        super().__init__(session)
        self._decoder = socketio.Decoder(settings.max_attachments, settings.max_payload_bytes)
        self._joined: set[str] = set()
        self._give_up = timer.call_later(
            settings.connect_seconds, lambda: session.close(POLICY_VIOLATION, "no namespace was entered in time")
        )

    def received(self, text: str) -> None:
        self._take(self._decoder.receive_text(text))

    def received_binary(self, data: bytes) -> None:
        self._take(self._decoder.receive_binary(data))

    def closed(self, reason: str) -> None:  # noqa: ARG002 - as `Occupant` says
        self._give_up.cancel()

    def _take(self, packet: Packet | None) -> None:
        if packet is None:
            return
        namespace = packet.namespace
        if packet.type is PacketType.CONNECT:
            self._connect(namespace, packet.data)
        elif namespace not in self._joined:
            raise ProtocolError("packet for a namespace that was not joined")
        elif packet.type is PacketType.DISCONNECT:
            self._joined.discard(namespace)
        elif packet.type in (PacketType.EVENT, PacketType.BINARY_EVENT):
            self._answer(packet)

    def _connect(self, namespace: str, auth: str) -> None:
        if namespace not in NAMESPACES:
            self._session.send(Outgoing.of(socketio.encode_no_namespace(namespace)))
            return
        self._give_up.cancel()
        self._joined.add(namespace)
        self._send(Packet(PacketType.CONNECT, namespace, data=_json({"sid": new_id()})))
        self._send(Packet(PacketType.EVENT, namespace, data=_json(["auth", json.loads(auth or "{}")])))

    def _answer(self, packet: Packet) -> None:
        name, *payloads = json.loads(packet.data)
        if name == "message":
            self._send(replace(packet, data=_json(["message-back", *payloads])))
        elif name == "message-with-ack":
            is_binary = packet.type is PacketType.BINARY_EVENT
            kind = PacketType.BINARY_ACK if is_binary else PacketType.ACK
            self._send(replace(packet, type=kind, data=_json(payloads)))

    def _send(self, packet: Packet) -> None:
        self._session.send(Outgoing.of(b"4" + socketio.encode_packet(packet).encode()))
        for attachment in packet.attachments:
            self._session.send(Outgoing.of_binary(attachment))


class WebSocketEcho:
    """In the place of a session: sends every message back in a frame of its own, however large."""

    id = "echo"
    answer_due_seconds = 0.0
    is_writing = False

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.transport: WebSocketTransport | None = None

    def admit(self) -> bool:
        return True

    def received(self, text: str) -> None:
        self.send(Outgoing(b"", encode_text_frame(text.encode())))

    def received_binary(self, data: bytes) -> None:
        self.send(Outgoing(b"", encode_binary_frame(data)))

    def send(self, item: Outgoing) -> None:
        assert self.transport is not None
        self.outbox.put(item)
        self.transport.flush_soon()

    def close(self, code: int, reason: str) -> None:
        assert self.transport is not None
        self.transport.close(code, reason)

    def closed(self, reason: str) -> None:
        """Nothing is kept."""


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


async def serve(protocol: str, port: int, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
    """Serve one of `engine.io`, `socket.io` and `websocket` until cancelled; the status is the port."""
    timer, flusher, readers = Timer(), Flusher(SETTINGS.write_seconds), Readers(Pace(0, 0, 0))

    def occupy(session: EngineSession) -> EngineEcho:
        return EngineEcho(session) if protocol == "engine.io" else SocketEcho(session, timer, SETTINGS)

    async def serve_plain(upgrade: Upgrade) -> None:
        outbox = Outbox(SETTINGS.outbox_bytes)
        outbox.put(Outgoing(b"", answer_handshake(upgrade.head)))
        echo = WebSocketEcho(outbox)
        stream = BufferedStream(upgrade.sock, outbox, flusher, upgrade.unread)
        settings = replace(SETTINGS, max_payload_bytes=LARGEST_AUTOBAHN_MESSAGE)
        echo.transport = WebSocketTransport(stream, echo, settings, timer, upgrade.on_end)
        upgrade.keep()
        stream.flush_soon()
        echo.transport.start(readers)

    engine = EngineServer(SETTINGS, timer, flusher, readers, new_id, occupy)
    http = HttpServer(PollingApp(engine, SETTINGS), HttpSettings(), (), now_ms)
    websocket = serve_plain if protocol == "websocket" else engine.serve_websocket
    front = FrontDoor(FrontSettings(), http.serve, websocket, now_ms, realtime_path=f"/{protocol}/")
    listeners = open_listeners("localhost", port)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        nursery.start_soon(flusher.run)
        nursery.start_soon(readers.run)
        nursery.start_soon(front.serve, listeners)
        task_status.started(listeners[0].getsockname()[1])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="protocol_server")
    parser.add_argument("protocol", choices=("engine.io", "socket.io", "websocket"))
    parser.add_argument("--port", type=int, default=PORT)
    arguments = parser.parse_args()
    trio.run(serve, arguments.protocol, arguments.port)


if __name__ == "__main__":
    main()
