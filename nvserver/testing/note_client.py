"""A client that edits one note on a running server and never gives up: cut off, it comes back, catches up, and sends
again what was not acknowledged, as the realtime contract wants it.

It writes down what it was told, so that it can be held against the op log afterwards.
"""

from collections.abc import Callable
from typing import Any

import trio

from nvserver.core.ot import Operation, from_wire, to_wire
from nvserver.testing.history import Witness, deleted_by
from nvserver.testing.realtime_client import (
    Ack,
    ConnectionLost,
    ConnectRefused,
    Event,
    RealtimeConnection,
    open_realtime,
)
from nvserver.testing.replica import NoteReplica, SentEdit

BACKOFF_SECONDS = 0.05
RETRY_CODES = frozenset({"UNAVAILABLE", "INTERNAL"})
"""After these nobody can say what became of a request: it is sent again, numbered alike. `INTERNAL` is a crash of ours
while it was handled; from the log alone the workspace may take it."""
LET_GO = frozenset({"workspace:resync", "server:draining", "disconnect"})
"""Events after which a client has to join again."""


class NoteClient:
    """`type_next` gives the next edit for the text the person sees, None when there is none yet.

    `acknowledged`: client seq → seq of the edits it was told are durable, by either way of telling.
    `waits`: the seconds from the first sending of each edit to the first word that it is durable.
    `broadcast`: seq → (client id, client seq, operation on the wire) of all edits it was told of.
    """

    def __init__(
        self,
        url: str,
        token: str,
        workspace_id: str,
        note_id: str,
        type_next: Callable[[str], Operation | None],
        on_progress: Callable[[], None] = lambda: None,
        witness: Witness | None = None,
    ) -> None:
        self.client_id: str | None = None
        self.acknowledged: dict[int, int] = {}
        self.waits: list[float] = []
        self.broadcast: dict[int, tuple[str, int, Any]] = {}
        self.connections = 0
        self.losses = 0
        self.resends = 0
        self.duplicates = 0
        self._url = url
        self._token = token
        self._workspace_id = workspace_id
        self._note_id = note_id
        self._type_next = type_next
        self._on_progress = on_progress
        self._witness = witness
        self._deleted_in_buffer = ""
        self._deleted_in_flight = ""
        self._replica: NoteReplica | None = None
        self._next_client_seq = 1
        self._asked: dict[int, SentEdit] = {}
        self._first_sent_at = 0.0

    def renew(self, token: str) -> None:
        """Come back with this one from now on."""
        self._token = token

    def start_over(self) -> None:
        """Know nothing any more, and come as another client."""
        self.client_id = self._replica = None
        self.acknowledged.clear()
        self._asked.clear()
        self._next_client_seq = 1
        self._deleted_in_buffer = self._deleted_in_flight = ""

    @property
    def replica(self) -> NoteReplica:
        """Its copy of the note; there is one from the first connection on."""
        assert self._replica is not None
        return self._replica

    @property
    def seq(self) -> int:
        """The newest edit it has processed."""
        return 0 if self._replica is None else self._replica.seq

    async def run(self, is_over: Callable[[], bool]) -> None:
        """Edit until `is_over` and everything typed is acknowledged. The caller sets the deadline."""
        await self._until(lambda: is_over() and self._replica is not None and self._replica.is_clean, is_over)

    async def follow(self, seq: int) -> None:
        """Read until the edit `seq` is processed. The caller sets the deadline."""
        await self._until(lambda: self.seq >= seq, lambda: True)

    def quiesce(self) -> None:
        """Write down what it shows; nothing may be under way."""
        if self._witness is not None and self.client_id is not None:
            self._witness.quiesces(self.client_id, self.seq, self.replica.text)

    async def _until(self, is_done: Callable[[], bool], is_idle: Callable[[], bool]) -> None:
        while not is_done():
            try:
                async with open_realtime(self._url, self._token, self.client_id) as connection:
                    self.connections += 1
                    await self._catch_up(connection)
                    while not is_done():
                        await self._send_next(connection, is_idle())
                        if not is_done():
                            await self._process_next(connection)
                            self._on_progress()
            except (ConnectionLost, ConnectRefused) as lost:
                if isinstance(lost, ConnectRefused) and lost.code not in RETRY_CODES:
                    raise
                self.losses += 1
                self._lose_sight()
                self._on_progress()
                await trio.sleep(BACKOFF_SECONDS)

    async def _catch_up(self, connection: RealtimeConnection) -> None:
        self._asked.clear()
        since = {} if self._replica is None else {"since": self._replica.seq}
        joined = await self._call(connection, "workspace:join", since)
        if self.client_id not in (None, joined["clientId"]):
            raise AssertionError("a client that comes back keeps its id")
        self.client_id = joined["clientId"]
        opened = await self._call(connection, "note:open", {"noteId": self._note_id, **since})
        if self._replica is None:
            self._replica = NoteReplica(opened["content"], opened["seq"])
        else:
            for edit in opened["edits"]:
                self._take(edit)
            self._replica.seq = opened["seq"]
        if self._replica.sent is not None:
            self.resends += 1
            await self._send(connection, self._replica.sent)

    async def _call(self, connection: RealtimeConnection, name: str, payload: dict[str, Any]) -> Any:
        """The answer. One that fails behind the word that the workspace has let go of us is about that."""
        answer = await connection.call(name, {"workspaceId": self._workspace_id, **payload})
        if "error" in answer:
            for kept in connection.take_kept():
                if isinstance(kept, Event) and kept.name in LET_GO:
                    raise ConnectionLost(None, kept.name)
        return _good(answer)

    async def _process_next(self, connection: RealtimeConnection) -> None:
        self._process(await connection.receive())

    async def _send_next(self, connection: RealtimeConnection, is_idle: bool) -> None:
        """Type, unless enough waits, and send unless something is in flight."""
        replica = self.replica
        if not is_idle and not replica.has_waiting and (op := self._type_next(replica.text)) is not None:
            self._deleted_in_buffer += deleted_by(op, replica.text)
            replica.type(op)
        edit = replica.next_edit(self._next_client_seq)
        if edit is not None:
            self._deleted_in_flight, self._deleted_in_buffer = self._deleted_in_buffer, ""
            self._next_client_seq += 1
            self._first_sent_at = trio.current_time()
            await self._send(connection, edit)

    async def _send(self, connection: RealtimeConnection, edit: SentEdit) -> None:
        payload = {
            "workspaceId": self._workspace_id,
            "clientId": self.client_id,
            "clientSeq": edit.client_seq,
            "noteId": self._note_id,
            "baseSeq": edit.base_seq,
            "op": to_wire(edit.op),
        }
        if self._witness is not None and self.client_id is not None:
            self._witness.sends(self.client_id, edit, payload, self._deleted_in_flight)
        self._asked[await connection.ask("collaboration:edit", payload)] = edit

    def _process(self, received: Event | Ack) -> None:
        match received:
            case Event("collaboration:edit", payload):
                for edit in payload["edits"]:
                    self._take(edit)
            case Ack(number, result) if number in self._asked:
                edit = self._asked.pop(number)
                seq = _good(result)["seq"]
                self.duplicates += bool(result.get("duplicate"))
                self._note_acknowledged(edit.client_seq, seq)
            case Event(name) if name in LET_GO:
                raise ConnectionLost(None, name)
            case _:
                pass

    def _take(self, edit: Any) -> None:
        replica, seq = self.replica, edit["seq"]
        if seq <= replica.seq:
            raise AssertionError(f"edit {seq} came after {replica.seq}")
        if self._witness is not None:
            self._witness.receives(edit)
        self.broadcast[seq] = (edit["clientId"], edit["clientSeq"], edit["op"])
        if edit["clientId"] != self.client_id:
            replica.receive(seq, from_wire(edit["op"]))
            return
        if replica.sent is None or replica.sent.client_seq != edit["clientSeq"]:
            raise AssertionError(f"edit {seq} came back though it is not in flight")
        replica.acknowledge(seq, from_wire(edit["op"]))
        self._note_acknowledged(edit["clientSeq"], seq)

    def _lose_sight(self) -> None:
        sent = None if self._replica is None else self._replica.sent
        if self._witness is not None and self.client_id is not None and sent is not None:
            self._witness.loses_sight(self.client_id, sent.client_seq)

    def _note_acknowledged(self, client_seq: int, seq: int) -> None:
        if client_seq not in self.acknowledged:
            self.waits.append(trio.current_time() - self._first_sent_at)
        if self._witness is not None and self.client_id is not None and client_seq not in self.acknowledged:
            self._witness.is_told_accepted(self.client_id, client_seq, seq)
        if self.acknowledged.setdefault(client_seq, seq) != seq:
            raise AssertionError(f"edit {client_seq} was told to be {self.acknowledged[client_seq]} and {seq}")


def _good(result: Any) -> Any:
    """The acknowledgement, unless it tells a failure; one that may pass by itself ends the connection."""
    if "error" in result:
        if result["error"]["code"] in RETRY_CODES:
            raise ConnectionLost(None, result["error"]["code"])
        raise AssertionError(f"a client that keeps the contract was told {result['error']}")
    return result
