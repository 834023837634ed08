"""A client of the simulation: types into one note through an unreliable line, takes back its own, and never gives up.

It keeps the contract of the realtime protocol as a good client does. Every character it types is unlike any other of
the run, so that a lost or doubled one is seen at once. Longer than other modules, as it is one state of one client.
"""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import trio

from nvserver.core.ot import Operation, from_wire, to_wire
from nvserver.testing.history import deleted_by, inserted_by
from nvserver.testing.replica import NoteReplica, SentEdit
from nvserver.testing.sim_counts import Characters, ClientCounts
from nvserver.testing.sim_line import LineCut, SimLine
from nvserver.testing.sim_visits import Visits

_PATIENCE_SECONDS = 20.0


class _Rejoin(Exception):
    """The workspace has to be entered anew, over the same line."""

    def __init__(self, *, is_fresh: bool = False) -> None:
        super().__init__()
        self.is_fresh = is_fresh


class SimClient:
    """`acked` are the edits it was told are durable: `(client_seq, seq)`; `characters` those of its accepted edits."""

    def __init__(
        self,
        user_id: str,
        workspace_id: str,
        note_id: str,
        connect: Callable[[], SimLine],
        chance: random.Random,
        fresh_characters: Iterator[str],
        restless: float = 0.0,
        elsewhere: str | None = None,
    ) -> None:
        """`restless`: the chance at each step of doing what people do beside typing; `elsewhere` is another workspace
        that they look into."""
        self.user_id = user_id
        self.client_id: str | None = None
        self.replica: NoteReplica | None = None
        self.acked: list[tuple[int, int]] = []
        self.characters = Characters()
        self.refused: set[int] = set()
        """The numbers of the edits that it was told were not taken."""
        self.counts = ClientCounts()
        self._workspace_id = workspace_id
        self._note_id = note_id
        self._connect_line = connect
        self._chance = chance
        self._fresh_characters = fresh_characters
        self._waiting = Characters()
        self._in_flight = Characters()
        self._next_client_seq = 1
        self._next_ack = 0
        self._edits_by_ack: dict[int, SentEdit] = {}
        self._to_follow: set[int] = set()
        """The acknowledgements of edits that were sent while the note was open: they come after the edit itself."""
        self._to_come: set[int] = set()
        """Edits of which an acknowledgement came first. They may not come any more but by a new join."""
        self._restless = restless
        self._visits = Visits(workspace_id, note_id, elsewhere, chance)
        self._asked_to_open: set[int] = set()
        self._line: SimLine | None = None
        self._is_inside = False
        self._was_inside = False
        """With the note open, when the line was cut."""
        self._is_deaf = False
        """Recovered while the note was being opened: what comes follows on an answer that is lost, and not on what is
        known here."""
        self._asks_for_recovery = chance.random() < 0.5
        self._greeting: Any = None
        self._newest_event: str | None = None

    @property
    def seq(self) -> int:
        """The newest edit it has processed."""
        return 0 if self.replica is None else self.replica.seq

    @property
    def text(self) -> str:
        """What the person sees."""
        return "" if self.replica is None else self.replica.text

    async def run(self, edits: int, cut_chance: float, max_pause_seconds: float) -> None:
        """Type `edits` edits, cut the line now and then, return when everything is acknowledged. The caller sets the
        deadline."""
        left = edits

        async def step() -> None:
            nonlocal left
            self._send_next()
            if self._restless and self._chance.random() < self._restless:
                self._wander()
            if left and self._chance.random() < 0.6:
                self._type_something()
                left -= 1
            else:
                await self._process_one()
            if self._chance.random() < cut_chance:
                raise LineCut
            await trio.sleep(self._chance.random() * max_pause_seconds)

        await self._until(lambda: not left and self._is_clean, step, max_pause_seconds)

    async def follow(self, newest: int) -> None:
        """Go on reading until the edit `newest` is processed; the caller sets the deadline."""
        await self._until(lambda: self.seq >= newest and self._is_clean, self._process_one, 0.1)

    async def _until(self, is_done: Callable[[], bool], step: Callable[[], Any], max_pause_seconds: float) -> None:
        is_fresh = False
        while not is_done():
            try:
                if self._line is None:
                    await self._connect()
                if not self._is_inside:
                    await self._enter(is_fresh)
                    is_fresh = False
                while not is_done():
                    await step()
            except _Rejoin as rejoin:
                self._is_inside = False
                self._expect_nothing()
                is_fresh = is_fresh or rejoin.is_fresh
            except LineCut:
                self.hang_up(is_noticed=self._chance.random() < 0.7)
                await trio.sleep(self._chance.random() * 2 * max_pause_seconds)

    @property
    def _is_clean(self) -> bool:
        return self.replica is not None and self.replica.is_clean

    # --- typing --------------------------------------------------------------------------------------------------

    def _type_something(self) -> None:
        replica, chance = self._known_replica, self._chance
        text = replica.text
        if chance.random() < 0.15:
            op = replica.undo()
            self.counts.undone_edits += bool(op)
            self._waiting.unsure.update(inserted_by(op))
        else:
            op = _some_edit(text, chance, self._fresh_characters)
            replica.type(op)
            self._waiting.typed.update(inserted_by(op))
        self._waiting.deleted.update(deleted_by(op, text))

    def _send_next(self) -> None:
        edit = self._known_replica.next_edit(self._next_client_seq)
        if edit is not None:
            self._next_client_seq += 1
            self._in_flight, self._waiting = self._waiting, Characters()
            self._send_edit(edit)

    def _send_edit(self, edit: SentEdit) -> None:
        payload = {
            "workspaceId": self._workspace_id,
            "noteId": self._note_id,
            "baseSeq": edit.base_seq,
            "op": to_wire(edit.op),
            "clientId": self.client_id,
            "clientSeq": edit.client_seq,
        }
        asked = [self._ask("collaboration:edit", payload) for _ in range(self._chance.choice((1, 1, 1, 2, 3)))]
        self._edits_by_ack.update((ack, edit) for ack, _ in asked)
        if self._is_inside and self._visits.has_note_open:
            self._to_follow.update(ack for ack, _ in asked)
        self._known_line.send(*[packet for _, packet in asked])

    def _expect_nothing(self) -> None:
        self._to_follow.clear()
        self._to_come.clear()

    # --- beside typing -------------------------------------------------------------------------------------------

    def _wander(self) -> None:
        """Whatever is asked here, nobody waits for its answer before he goes on."""
        for name, payload in self._visits.wander(self.seq):
            ack, packet = self._ask(name, payload)
            self._visits.asked(ack, payload["workspaceId"])
            self._known_line.send(packet)
            if name == "note:open":
                self._asked_to_open.add(ack)
        if not self._visits.has_note_open:
            self._expect_nothing()
        if not self._visits.is_inside:
            raise _Rejoin

    # --- the line ------------------------------------------------------------------------------------------------

    @property
    def _known_replica(self) -> NoteReplica:
        assert self.replica is not None
        return self.replica

    @property
    def _known_line(self) -> SimLine:
        assert self._line is not None
        return self._line

    async def _connect(self) -> None:
        self._line = self._connect_line()
        who: dict[str, object] = {"token": self.user_id}
        if self.client_id:
            who["clientId"] = self.client_id
        if self._asks_for_recovery:
            who["recovery"] = True
            if self._greeting is not None:
                who["pid"] = self._greeting["pid"]
            if self._newest_event is not None:
                who["offset"] = self._newest_event
        self._line.send("40" + json.dumps(who))
        while not (packet := await self._receive()).startswith("40"):
            continue
        before, self._greeting = self._greeting, json.loads(packet[2:])
        is_recovered = self._asks_for_recovery and self._greeting == before
        self._is_deaf = is_recovered and not self._was_inside
        if not is_recovered:
            self._newest_event = None
        elif self._was_inside:
            self.counts.recoveries += 1
            self._is_inside = True
            if self._known_replica.sent is not None:
                self._send_edit(self._known_replica.sent)

    def hang_up(self, *, is_noticed: bool) -> None:
        """Cut the line, if there is one."""
        if self._line is not None:
            self._line.cut(is_noticed=is_noticed)
            self._line = None
            self.counts.cuts += 1
            self._was_inside = self._is_inside and self._visits.has_note_open
        self._is_inside = False
        self._edits_by_ack.clear()
        self._expect_nothing()
        self._asked_to_open.clear()
        self._visits.cut()

    async def _enter(self, is_fresh: bool) -> None:
        """Join, open the note, catch up, and send again what was not acknowledged."""
        replica = self.replica
        where = {"workspaceId": self._workspace_id}
        since = {} if replica is None else {"since": replica.seq}
        ack, packet = self._ask("workspace:join", where | since)
        self._known_line.send(packet)
        if replica is not None and replica.sent is not None and self._chance.random() < 0.3:
            self._send_edit(replica.sent)  # an impatient client does not wait for what it missed
        joined = await self._answer(ack)
        assert self.client_id in (None, joined["clientId"]), "a client that comes back keeps its id"
        self.client_id = joined["clientId"]
        since = {} if replica is None or is_fresh else {"since": replica.seq}
        ack, packet = self._ask("note:open", where | {"noteId": self._note_id} | since)
        self._known_line.send(packet)
        self._asked_to_open.add(ack)
        await self._answer(ack)
        self._is_inside = self._visits.is_inside = self._visits.has_note_open = True
        replica = self._known_replica
        if replica.sent is not None:
            self._send_edit(replica.sent)

    def _take_opened(self, opened: Any) -> None:
        if "error" in opened:
            raise _Rejoin
        self._is_deaf = False
        self._visits.has_note_open = True
        if "content" not in opened:
            for edit in opened["edits"]:
                if edit["seq"] > self.seq:
                    self._take_edit(edit)
            self._known_replica.seq = max(self.seq, opened["seq"])
        elif self.replica is None:
            self.replica = NoteReplica(opened["content"], opened["seq"])
        else:
            self.counts.loaded_texts += 1
            self.replica.load(opened["content"], opened["seq"])
            if not self.replica.is_settling:
                self._merged()

    def _ask(self, name: str, payload: object) -> tuple[int, str]:
        """The number of the acknowledgement, and the packet."""
        self._next_ack += 1
        return self._next_ack, f"42{self._next_ack}{json.dumps([name, payload], ensure_ascii=False)}"

    async def _answer(self, ack: int) -> Any:
        """The acknowledgement; it and what comes before it is processed."""
        prefix = f"43{ack}["
        while not (packet := await self._receive()).startswith(prefix):
            self._process(packet)
        self._process(packet)
        (result,) = json.loads(packet[len(prefix) - 1 :])
        if "error" in result:  # not let in just now
            self._visits.check(result)
            raise LineCut
        return result

    async def _receive(self) -> str:
        with trio.move_on_after(_PATIENCE_SECONDS):
            return await self._known_line.receive()
        raise LineCut

    async def _process_one(self) -> None:
        self._process(await self._receive())

    def _process(self, packet: str) -> None:
        if packet == "2":
            self._known_line.send("3")
        elif packet.startswith("42"):
            name, payload, *number = json.loads(packet[2:])
            if number:
                (self._newest_event,) = number
            if name == "collaboration:edit" and not self._is_deaf:
                for edit in payload["edits"]:
                    self._take_edit(edit)
            elif name == "workspace:resync":
                self._visits.resync(payload["workspaceId"])
                if payload["workspaceId"] != self._workspace_id:
                    return
                self.counts.resyncs += 1
                raise _Rejoin(is_fresh=self._chance.random() < 0.3)
        elif packet.startswith("43"):
            start = packet.index("[")
            ack = int(packet[2:start])
            (result,) = json.loads(packet[start:])
            edit = self._edits_by_ack.pop(ack, None)
            self.counts.visits += self._visits.answered(ack, result)
            if edit is not None:
                self._take_answer(edit, result, is_to_follow=ack in self._to_follow)
            elif ack in self._asked_to_open:
                self._take_opened(result)

    def _take_edit(self, edit: Any) -> None:
        replica = self._known_replica
        first, seq, op = edit.get("fromSeq", edit["seq"]), edit["seq"], from_wire(edit["op"])
        if first <= replica.seq:
            raise AssertionError(f"edit {first} came after {replica.seq}")
        self.counts.composed_edits += "fromSeq" in edit
        if seq in self._to_come:
            raise AssertionError(f"edit {seq} came after its acknowledgement")
        if edit.get("clientId") == self.client_id:
            if replica.sent is None or replica.sent.client_seq != edit["clientSeq"]:
                raise AssertionError(f"edit {seq} came back though it is not in flight")
            is_merged = replica.is_settling
            replica.acknowledge(seq, op)
            self._accepted()
            if is_merged:
                self._merged()
        else:
            replica.receive(seq, op)

    def _take_answer(self, edit: SentEdit, result: Any, *, is_to_follow: bool) -> None:
        replica = self._known_replica
        is_current = replica.sent == edit
        if "error" not in result:
            if is_to_follow and result["seq"] > replica.seq:
                self._to_come.add(result["seq"])
            is_duplicate = bool(result.get("duplicate"))
            self.counts.duplicates += is_duplicate
            self.acked.append((edit.client_seq, result["seq"]))
            if is_current and replica.is_settling and result["seq"] <= replica.seq:
                replica.settle(is_included=True)
                self._accepted()
                self._merged()
            return
        match result["error"]["code"]:
            case "FORBIDDEN" if edit in self._edits_by_ack.values():
                pass  # a later copy is under way, and the right may have come back: its answer counts
            case "FORBIDDEN":
                self._refused(edit, is_current)
            case "BASE_TOO_OLD" if is_current and replica.is_settling:
                self._thawed()
            case "BASE_TOO_OLD":
                if is_current:
                    raise _Rejoin(is_fresh=True)
            case "UNAVAILABLE" if self._chance.random() < 0.5:
                raise LineCut
            case "UNAVAILABLE" | "WORKSPACE_NOT_FOUND":
                raise _Rejoin
            case code:
                raise AssertionError(f"a client that keeps the contract was told {code}")

    def _accepted(self) -> None:
        self.characters.add(self._in_flight)
        self._in_flight = Characters()

    def _refused(self, edit: SentEdit, is_current: bool) -> None:
        self.refused.add(edit.client_seq)
        if is_current:
            self.counts.refused_edits += 1
            self._known_replica.abandon()
            self._in_flight, self._waiting = Characters(), Characters()

    def _thawed(self) -> None:
        """The edit in flight was not taken; it is part of what waits now."""
        self._known_replica.settle(is_included=False)
        self._in_flight.add(self._waiting)
        self._waiting, self._in_flight = self._in_flight, Characters()
        self._merged()

    def _merged(self) -> None:
        self._waiting.unsure |= self._waiting.deleted


def _some_edit(text: str, chance: random.Random, fresh_characters: Iterator[str]) -> Operation:
    position = chance.randint(0, len(text))
    skip: Operation = (position,) if position else ()
    if position < len(text) and chance.random() < 0.3:
        return (*skip, -chance.randint(1, min(3, len(text) - position)))
    return (*skip, "".join(next(fresh_characters) for _ in range(chance.randint(1, 3))))
