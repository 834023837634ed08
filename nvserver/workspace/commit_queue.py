"""What a workspace has decided and not yet told: it waits here until the op log has it.

Everything goes through in the order of the actor's turns: entries are published when durable, and an answer is given
when all that it shows is durable. So nobody ever sees what `kill -9` could take back.
"""

from collections.abc import Callable, Iterable, Sequence

import structlog
import trio

from nvserver.core.changes import Entry, encode_entry
from nvserver.errors import NoteVaultError, WorkspaceMoved
from nvserver.ports.oplog import Append, IndexChange
from nvserver.workspace.log_writer import LogWriter, Written
from nvserver.workspace.router import OnReply

log = structlog.get_logger()

Action = Callable[[], object]


class _Step:
    """One message's outcome: its entries, and how its sender hears of it."""

    __slots__ = ("action", "entries", "on_reply", "reply")

    def __init__(
        self, entries: tuple[Entry, ...], on_reply: OnReply | None, reply: object, action: Action | None
    ) -> None:
        self.entries = entries
        self.on_reply = on_reply
        self.reply = reply
        self.action = action

    def finish(self) -> None:
        reply = self.reply if self.action is None else self.action()
        self._answer(reply)

    def fail(self) -> None:
        self._answer(WorkspaceMoved())

    def _answer(self, reply: object) -> None:
        """Whatever one receiver makes of its answer harms no other: this runs in the task of the node's log writer."""
        if self.on_reply is None:
            return
        try:
            self.on_reply(reply)
        except Exception:
            log.exception("an answer could not be given")


class CommitQueue:
    """`publish` is called with entries that became durable, `on_lost` once if an append was fenced or lost. Bounded
    by the log writer: an actor takes no new work while `LogWriter.has_room` is False."""

    def __init__(
        self,
        workspace_id: str,
        epoch: int,
        writer: LogWriter,
        publish: Callable[[Sequence[Entry]], None],
        on_lost: Callable[[Written], None],
    ) -> None:
        self._workspace_id = workspace_id
        self._epoch = epoch
        self._writer = writer
        self._publish = publish
        self._on_lost = on_lost
        self._batch: list[_Step] = []
        self._index: list[IndexChange] = []
        self._in_flight: list[list[_Step]] = []  # of a few; an empty deque takes 600 bytes of each open workspace
        self._settled: trio.Event | None = None
        self._is_lost = False
        self._is_over = False

    @property
    def is_settled(self) -> bool:
        """Whether everything decided is durable and told."""
        return not self._batch and not self._in_flight

    def add_entries(
        self, entries: tuple[Entry, ...], index: Sequence[IndexChange], on_reply: OnReply | None, reply: object
    ) -> None:
        """Entries just applied; `reply` is for their author."""
        self._batch.append(_Step(entries, on_reply, reply, None))
        self._index.extend(index)

    def add_reply(self, on_reply: OnReply | None, reply: object) -> None:
        """An answer that shows the state as it is now."""
        if on_reply is not None:
            self._batch.append(_Step((), on_reply, reply, None))

    def add_action(self, action: Action, on_reply: OnReply | None = None) -> None:
        """Something to do after all before it was published and before anything after it is; its result is the
        answer."""
        self._batch.append(_Step((), on_reply, None, action))

    def flush(self) -> None:
        """End of a turn: hand what was decided to the log writer."""
        if not self._batch:
            return
        steps, self._batch = self._batch, []
        index, self._index = self._index, []
        if self._is_lost or self._is_over:  # over: the state shows what never was
            for step in steps:
                step.fail()
            return
        entries = [encode_entry(entry) for step in steps for entry in step.entries]
        if entries:
            self._in_flight.append(steps)
            append = Append(self._workspace_id, self._epoch, tuple(entries), tuple(index))
            if self._writer.submit(append, self._written):  # what becomes durable together is told together
                self._in_flight[-2].extend(self._in_flight.pop())
        elif self._in_flight:
            self._in_flight[-1].extend(steps)
        else:
            self._finish(steps)

    async def abandon(self, others: Iterable[tuple[OnReply | None, NoteVaultError]]) -> None:
        """The actor has failed. What it has handed over is told yet; what it has only decided never was, and nobody
        waits in vain, nor do `others`, whose messages it had taken."""
        steps, self._batch, self._index = self._batch, [], []
        self._is_over = True
        await self.settle()
        for step in steps:
            step.fail()
        for on_reply, error in others:
            _Step((), on_reply, error, None).finish()

    def lose(self) -> None:
        """Another activation has taken over, as the log tells: nothing more is told."""
        if not self._is_lost:
            self._is_lost = True
            self._on_lost(Written.FENCED)

    async def settle(self) -> None:
        """Flush, and wait until everything is durable and told. The log writer's time limits bound the wait."""
        self.flush()
        while not self.is_settled:
            self._settled = trio.Event()
            await self._settled.wait()

    def _written(self, written: Written) -> None:
        """After one append was lost, nothing later is told, durable or not: who hears of it would take the lost one,
        which may be stored after all, for something that never was."""
        steps = self._in_flight.pop(0)
        if written is Written.DURABLE and not self._is_lost:
            try:
                self._finish(steps)
            except Exception:
                log.exception("what is durable could not be told", workspace=self._workspace_id)
                self._is_lost = True
                self._on_lost(written)
        else:
            for step in steps:
                step.fail()
            if not self._is_lost:
                self._is_lost = True
                self._on_lost(written)
        if self._settled is not None and self.is_settled:
            self._settled.set()

    def _finish(self, steps: Sequence[_Step]) -> None:
        """Publish and answer. Neighbouring entries go out together; their authors' answers follow what was
        published."""
        entries: list[Entry] = []
        answered: list[_Step] = []
        for step in steps:
            if step.action is None:
                entries.extend(step.entries)
                answered.append(step)
                continue
            self._publish(entries)
            for earlier in answered:
                earlier.finish()
            step.finish()
            entries, answered = [], []
        if entries:
            self._publish(entries)
        for earlier in answered:
            earlier.finish()
