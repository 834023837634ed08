"""A node on a real port with real workspaces (in memory), and clients that know the protocols from other libraries."""

import json
import socket
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import trio
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    Pong,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)

from nvserver.actors.timer import Timer
from nvserver.adapters.memory.store import open_memory
from nvserver.core.changes import Author
from nvserver.core.commands import AddMember, CreateNote
from nvserver.core.principal import Principal
from nvserver.edge.front import FrontDoor, FrontSettings, open_listeners
from nvserver.edge.http.headers import security_headers
from nvserver.edge.http.server import HttpServer
from nvserver.edge.http.settings import HttpSettings
from nvserver.edge.realtime.client_id import ClientIds
from nvserver.edge.realtime.gateway import Gateway
from nvserver.edge.realtime.notification_push import NotificationPush
from nvserver.edge.realtime.polling_app import PollingApp, beside
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.errors import TokenExpired, Unauthenticated
from nvserver.services.notifications import NotificationService
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.sim_node import sim_node
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.messages import Submit

PATIENCE_SECONDS = 20
SETTINGS = RealtimeSettings()


def new_id() -> str:
    return str(uuid.uuid4())


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Authenticated:
    principal: Principal
    expires_at: int


class Tokens:
    """Access tokens by name: `<user>` or `<user>/<sign-in>`; `old` has expired, `never` is verified when it is let."""

    def __init__(self) -> None:
        self.lifetimes: dict[str, float] = {}
        """Seconds that a token has left; an hour unless told."""

    async def verify(self, token: str) -> Authenticated:
        await trio.lowlevel.checkpoint()
        if token == "never":
            await trio.sleep_forever()
        if token == "old":
            raise TokenExpired
        user, _, sign_in = token.partition("/")
        if user not in PEOPLE:
            raise Unauthenticated
        principal = Principal(PEOPLE[user], user.title(), None, sign_in or f"{user}-sign-in")
        return Authenticated(principal, wall_ms() + round(self.lifetimes.get(token, 3_600) * 1000))


PEOPLE = {name: str(uuid.uuid5(uuid.NAMESPACE_OID, name)) for name in ("ada", "bob", "eve")}


@dataclass
class Node:
    port: int
    gateway: Gateway
    front: FrontDoor
    catalog: Catalog
    tokens: Tokens
    workspace_id: str
    note_id: str
    """A note of Ada's with the text `hello`; Bob is a member, Eve is not."""
    narrow_path: str
    """The same door as a Unix socket, on which little is on its way at a time."""

    @asynccontextmanager
    async def raw(self) -> AsyncIterator[trio.SocketStream]:
        """A bare TCP connection."""
        stream = await trio.open_tcp_stream("127.0.0.1", self.port)
        async with stream:
            yield stream

    @asynccontextmanager
    async def websocket(
        self, target: str | None = None, headers: list[tuple[str, str]] | None = None
    ) -> AsyncIterator["WebSocket"]:
        async with self.raw() as stream:
            websocket = WebSocket(stream)
            await websocket.open(self.port, target or "/socket.io/?EIO=4&transport=websocket", headers or [])
            yield websocket

    @asynccontextmanager
    async def narrow_client(self, token: str) -> AsyncIterator["Client"]:
        async with await trio.open_unix_socket(self.narrow_path) as stream:
            websocket = WebSocket(stream)
            await websocket.open(self.port, "/socket.io/?EIO=4&transport=websocket", [])
            client = Client(websocket)
            await client.connect({"token": token})
            yield client

    @asynccontextmanager
    async def client(self, token: str = "ada", **auth: object) -> AsyncIterator["Client"]:
        """A client that is connected to the namespace."""
        async with self.websocket() as websocket:
            client = Client(websocket)
            await client.connect({"token": token, **auth})
            yield client


class WebSocket:
    """A client's end, on wsproto."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._events: list[Any] = []
        self._text = ""
        self.status = 0

    async def open(self, port: int, target: str, headers: list[tuple[str, str]]) -> None:
        """`status` is 101, or how the server refused."""
        extra = [(name.encode(), value.encode()) for name, value in headers]
        request = Request(host=f"127.0.0.1:{port}", target=target, extra_headers=extra)
        await self.stream.send_all(self._protocol.send(request))
        event = await self._next_event()
        match event:
            case AcceptConnection():
                self.status = 101
            case RejectConnection():
                self.status = event.status_code

    async def send(self, *texts: str | bytes) -> None:
        """All in one write."""
        kinds = [BytesMessage(text) if isinstance(text, bytes) else TextMessage(text) for text in texts]
        await self.stream.send_all(b"".join(self._protocol.send(kind) for kind in kinds))

    async def ping(self, payload: bytes) -> None:
        await self.stream.send_all(self._protocol.send(Ping(payload)))

    async def close(self, code: int = 1000) -> None:
        await self.stream.send_all(self._protocol.send(CloseConnection(code)))

    async def receive(self) -> str | bytes | CloseConnection | Pong:
        """The next whole message, pong or close; close with code 1006 when the connection just ended."""
        while True:
            event = await self._next_event()
            match event:
                case TextMessage():
                    self._text += event.data
                    if event.message_finished:
                        text, self._text = self._text, ""
                        return text
                case BytesMessage():
                    return bytes(event.data)
                case CloseConnection():
                    if self._protocol.state.name == "REMOTE_CLOSING":
                        await self.stream.send_all(self._protocol.send(event.response()))
                    return event
                case Pong():
                    return event
                case Ping():
                    await self.stream.send_all(self._protocol.send(event.response()))
                case RejectData():
                    continue

    async def _next_event(self) -> Any:
        with trio.fail_after(PATIENCE_SECONDS):
            while not self._events:
                data = await self.stream.receive_some()
                if not data:
                    return CloseConnection(1006)
                self._protocol.receive_data(data)
                self._events += self._protocol.events()
        return self._events.pop(0)


@dataclass
class Event:
    name: str
    payload: Any


class Client:
    """A Socket.IO client in the namespace `/`."""

    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.handshake: dict[str, Any] = {}
        self.refusal: dict[str, Any] | None = None
        self.events: list[Event] = []
        """Those that arrived and were not asked for yet."""
        self.client_id = ""
        self._acks: dict[int, Any] = {}
        self._next_ack = 0
        self._next_number = 1
        self.closed: CloseConnection | None = None

    async def connect(self, auth: object) -> None:
        """`refusal` tells when it was turned away."""
        opening = await self.websocket.receive()
        assert isinstance(opening, str)
        self.handshake = json.loads(opening[1:])
        await self.websocket.send("40" + json.dumps(auth))
        answer = await self.websocket.receive()
        assert isinstance(answer, str)
        if answer.startswith("44"):
            self.refusal = json.loads(answer[2:])
        else:
            assert answer.startswith("40{"), answer

    async def emit(self, name: str, payload: object) -> None:
        await self.websocket.send("42" + json.dumps([name, payload]))

    async def call(self, name: str, payload: object) -> Any:
        """The acknowledgement."""
        ack = await self.ask(name, payload)
        return await self.answer(ack)

    async def ask(self, name: str, payload: object) -> int:
        self._next_ack += 1
        await self.websocket.send(f"42{self._next_ack}" + json.dumps([name, payload]))
        return self._next_ack

    async def answer(self, ack: int) -> Any:
        while ack not in self._acks:
            await self._receive()
        return self._acks.pop(ack)

    async def event(self, name: str) -> Any:
        """The payload of the next event of that name; others are kept."""
        while True:
            for index, event in enumerate(self.events):
                if event.name == name:
                    return self.events.pop(index).payload
            await self._receive()

    async def wait_closed(self) -> CloseConnection:
        while self.closed is None:
            await self._receive()
        return self.closed

    async def join(self, workspace_id: str, **more: object) -> Any:
        joined = await self.call("workspace:join", {"workspaceId": workspace_id, **more})
        self.client_id = joined.get("clientId", "")
        return joined

    def numbered(self, **payload: object) -> dict[str, object]:
        """`payload` with the client's next number."""
        number, self._next_number = self._next_number, self._next_number + 1
        return {"clientId": self.client_id, "clientSeq": number, **payload}

    async def _receive(self) -> None:
        message = await self.websocket.receive()
        match message:
            case CloseConnection():
                assert self.closed is None, "the connection has ended"
                self.closed = message
            case "2":
                await self.websocket.send("3")
            case "41":
                self.events.append(Event("(disconnected)", None))
            case str() if message.startswith("42"):
                name, payload = json.loads(message[2:])
                self.events.append(Event(name, payload))
            case str() if message.startswith("43"):
                number, _, rest = message[2:].partition("[")
                (self._acks[int(number)],) = json.loads("[" + rest)
            case _:
                raise AssertionError(message)


@asynccontextmanager
async def running_node(
    settings: RealtimeSettings = SETTINGS, *, front_settings: FrontSettings | None = None, origins: tuple[str, ...] = ()
) -> AsyncIterator[Node]:
    """A whole node but for accounts and stores; fast heartbeats and the like by `settings`."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_memory())
        push = NotificationPush(NotificationService(store.notifications, store.accounts, wall_ms))
        catalog = await stack.enter_async_context(sim_node(store.oplog, chat=store.chat, notify=push.notify))
        nursery = await stack.enter_async_context(trio.open_nursery())
        workspace_id, note_id = await _found(store.oplog, catalog)
        timer, tokens = Timer(), Tokens()
        gateway = Gateway(settings, catalog, tokens, ClientIds([b"k" * 32]), timer, wall_ms, new_id, origins)
        http = HttpServer(beside(PollingApp(gateway.engine, settings), _app), HttpSettings(), (), wall_ms)
        front = FrontDoor(
            front_settings or FrontSettings(), http.serve, gateway.engine.serve_websocket, wall_ms, security_headers(())
        )
        (listener,) = open_listeners("127.0.0.1", 0)
        nursery.start_soon(timer.run)
        await nursery.start(gateway.run)
        nursery.start_soon(push.run, gateway.tell_user)
        with tempfile.TemporaryDirectory() as folder:
            narrow = socket.socket(socket.AF_UNIX)
            narrow.bind(str(Path(folder) / "door"))
            narrow.listen()
            narrow.setblocking(False)
            nursery.start_soon(front.serve, [listener, narrow])
            port = listener.getsockname()[1]
            yield Node(port, gateway, front, catalog, tokens, workspace_id, note_id, narrow.getsockname())
            nursery.cancel_scope.cancel()


async def _found(oplog: Any, catalog: Catalog) -> tuple[str, str]:
    listing = await WorkspaceService(oplog, wall_ms, new_id).create(PEOPLE["ada"], "Shared", "", None, None, "team")
    workspace_id, note_id, author = listing.info.id, new_id(), Author(PEOPLE["ada"])
    await catalog.call(workspace_id, Submit(author, AddMember(PEOPLE["bob"], "member")))
    await catalog.call(workspace_id, Submit(author, CreateNote(note_id, "First", "hello")))
    return workspace_id, note_id


async def _app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An ASGI app that answers with the request's path and body."""
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    answer = scope["path"].encode() + b" " + body
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(answer)).encode())]}
    )
    await send({"type": "http.response.body", "body": answer})


def fast(**changes: Any) -> RealtimeSettings:
    return replace(SETTINGS, **changes)
