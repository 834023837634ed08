"""A person who types into a note through python-socketio; driven as `socketio_client.mjs` is."""

import asyncio
import json
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import socketio

from nvserver.core.ot import from_wire, to_wire
from nvserver.testing.replica import NoteReplica, SentEdit
from tests.e2e.characters import Typist


class Person:
    """Handlers are plain functions: events are handled in the order in which they come, with nothing awaited."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.counts = {"connections": 0, "resends": 0, "duplicates": 0, "acknowledged": 0}
        self.typist = Typist(random.Random(config["seed"]), iter(config["characters"]))
        self.replica: NoteReplica | None = None
        self.edits_left = 0
        self.moved = asyncio.Event()
        self._config = config
        self._place = {"workspaceId": config["workspaceId"], "noteId": config["noteId"]}
        self._client_id: str | None = None
        self._next_number = 1
        self._is_open = False
        self._outgoing: asyncio.Queue[tuple[str, Any, Callable[[Any], None]]] = asyncio.Queue()
        self._socket = socketio.AsyncClient(reconnection_delay=0.02, reconnection_delay_max=0.2)
        self._socket.on("connect", self._connected)
        self._socket.on("disconnect", self._disconnected)
        self._socket.on("collaboration:edit", self._edited)

    async def run(self) -> None:
        """Connect, and send what the handlers want sent, in their order."""
        await self._socket.connect(self._config["url"], auth=self._auth, transports=["websocket"])
        while True:
            name, payload, on_answer = await self._outgoing.get()
            with suppress(socketio.exceptions.BadNamespaceError):  # cut off: it is sent again when the line is back
                await self._socket.emit(name, payload, callback=on_answer)

    async def reach(self, is_reached: Callable[[], bool]) -> None:
        """Wait until everything typed is acknowledged and `is_reached`."""
        self._move()
        while not (self.replica is not None and self.replica.is_clean and is_reached()):
            self.moved.clear()
            await self.moved.wait()

    def _auth(self) -> dict[str, Any]:
        return {"token": self._config["token"], **({"clientId": self._client_id} if self._client_id else {})}

    def _connected(self) -> None:
        self.counts["connections"] += 1
        since = {} if self.replica is None else {"since": self.replica.seq}
        join = {"workspaceId": self._config["workspaceId"], **since}
        self._outgoing.put_nowait(("workspace:join", join, self._joined))
        self._outgoing.put_nowait(("note:open", {**self._place, **since}, self._opened))

    def _disconnected(self, *_reason: object) -> None:
        self._is_open = False

    def _joined(self, joined: Any) -> None:
        self._client_id = good(joined)["clientId"]

    def _opened(self, opened: Any) -> None:
        if self.replica is None:
            self.replica = NoteReplica(good(opened)["content"], opened["seq"])
        else:
            for edit in good(opened)["edits"]:
                self._take(edit)
            self.replica.seq = opened["seq"]
        self._is_open = True
        if self.replica.sent is not None:
            self.counts["resends"] += 1
            self._send(self.replica.sent)
        self._move()

    def _edited(self, payload: Any) -> None:
        for edit in payload["edits"]:
            self._take(edit)
        self._move()

    def _take(self, edit: Any) -> None:
        replica = self.replica
        assert replica is not None
        assert edit["seq"] > replica.seq
        if edit["clientId"] == self._client_id:
            assert replica.sent is not None
            assert replica.sent.client_seq == edit["clientSeq"]
            replica.acknowledge(edit["seq"], from_wire(edit["op"]))
            self.counts["acknowledged"] += 1
        else:
            replica.receive(edit["seq"], from_wire(edit["op"]))

    def _move(self) -> None:
        """Type and send what may be typed and sent now."""
        replica = self.replica
        self.moved.set()
        if not self._is_open or replica is None:
            return
        if replica.is_clean:
            self._type(replica)
        if (edit := replica.next_edit(self._next_number)) is not None:
            self._next_number += 1
            self._send(edit)
            self._type(replica)  # while the first one is in flight

    def _type(self, replica: NoteReplica) -> None:
        if self.edits_left > 0:
            self.edits_left -= 1
            replica.type(self.typist.next_edit(replica.text))

    def _send(self, edit: SentEdit) -> None:
        numbered = {"clientId": self._client_id, "clientSeq": edit.client_seq}
        payload = {**self._place, **numbered, "baseSeq": edit.base_seq, "op": to_wire(edit.op)}
        self._outgoing.put_nowait(("collaboration:edit", payload, self._answered))

    def _answered(self, answer: Any) -> None:
        self.counts["duplicates"] += bool(good(answer).get("duplicate"))


def good(answer: Any) -> Any:
    """The answer, unless it tells a failure."""
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer


def tell(event: str, **more: object) -> None:
    """A line to whoever drives this program."""
    print(json.dumps({"event": event, **more}), flush=True)


async def hear() -> Any:
    """The next line of whoever drives this program."""
    return json.loads(await asyncio.to_thread(sys.stdin.readline))


async def main() -> None:
    """Join, type, settle."""
    config = await hear()
    person = Person(config)
    running = asyncio.create_task(person.run())
    await person.reach(lambda: True)
    tell("joined")
    await hear()
    person.edits_left = config["edits"]
    await person.reach(lambda: person.edits_left == 0)
    assert person.replica is not None
    typist = person.typist
    tell("typed", seq=person.replica.seq, typed="".join(typist.typed), deleted="".join(typist.deleted))
    newest = (await hear())["seq"]
    await person.reach(lambda: person.replica is not None and person.replica.seq >= newest)
    tell("settled", text=person.replica.text, **person.counts)
    running.cancel()


if __name__ == "__main__":
    asyncio.run(main())
