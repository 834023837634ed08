"""This node's activations: at most one actor a workspace, opened at first use, supervised, closed when idle."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

import msgspec
import structlog
import trio

from nvserver.actors.mailbox import Mailbox, MailboxClosed, MailboxFull
from nvserver.actors.supervisor import ChildSpec, RestartType, Supervisor
from nvserver.core.supervision import RestartIntensity
from nvserver.errors import NoteVaultError, Unavailable, WorkspaceMoved
from nvserver.ports.quarantine import Quarantined
from nvserver.workspace.actor import WorkspaceActor
from nvserver.workspace.envelope import Envelope, weigh
from nvserver.workspace.messages import GetReach, Message
from nvserver.workspace.parts import ActorParts
from nvserver.workspace.quarantine import describe_error
from nvserver.workspace.router import OnReply, ask

log = structlog.get_logger()


ActorState: TypeAlias = Literal["activating", "valid", "deactivating", "quarantined"]


class ActorStatistics(msgspec.Struct, frozen=True):
    """One workspace's actor on this node; a quarantined one has no mailbox, one that is opening no epoch (0)."""

    workspace_id: str
    state: ActorState
    mailbox_messages: int = 0
    mailbox_bytes: int = 0
    epoch: int = 0


class _Slot:
    """One workspace's place in the catalog, from the first use of it until its actor has ended. It is the
    `WorkspaceRef`."""

    def __init__(self, workspace_id: str, parts: ActorParts) -> None:
        self._id = workspace_id
        self._parts = parts
        self._mailbox: Mailbox[Envelope] = Mailbox(parts.settings.mailbox_bytes, weigh)
        self.opened = trio.Event()
        """Set when the actor is ready or could not be opened; a restart makes a new one."""
        self.ended = trio.Event()
        self.error: NoteVaultError | None = None
        self.actor: WorkspaceActor | None = None

    @property
    def is_alive(self) -> bool:
        return self.opened.is_set() and self.error is None and not self._mailbox.is_closed

    @property
    def mailbox_depth(self) -> int:
        """Messages waiting."""
        return len(self._mailbox)

    def statistics(self) -> ActorStatistics:
        """How it is now."""
        state: ActorState = "valid" if self.is_alive else "deactivating" if self.opened.is_set() else "activating"
        epoch = 0 if self.actor is None else self.actor.epoch
        return ActorStatistics(self._id, state, len(self._mailbox), self._mailbox.size_bytes, epoch)

    def call_nowait(self, message: Message, on_reply: OnReply | None = None) -> None:
        try:
            self._mailbox.put_nowait(Envelope(message, on_reply))
        except MailboxClosed:
            _refuse(on_reply, WorkspaceMoved(is_untouched=True))
        except MailboxFull:
            _refuse(on_reply, Unavailable("The workspace has more to do than it can; try again in a moment"))

    async def run(self) -> None:
        """One life of the actor; the supervisor calls it again after a crash."""
        self._mailbox = Mailbox(self._parts.settings.mailbox_bytes, weigh)
        try:
            actor = self.actor = WorkspaceActor(self._id, self._parts, self._mailbox)
            await actor.run(self.opened.set)
        except NoteVaultError as error:  # it cannot be opened now: not a crash
            self.error = error
        finally:
            self._refuse_rest()
            if self.opened.is_set() and self.error is None:
                self.opened = trio.Event()

    def close(self) -> None:
        """Let the actor finish what it has and end."""
        self._mailbox.close()

    def _refuse_rest(self) -> None:
        self._mailbox.close()
        for envelope in self._mailbox.drain():
            _refuse(envelope.on_reply, WorkspaceMoved(is_untouched=True))


def _refuse(on_reply: OnReply | None, error: NoteVaultError) -> None:
    if on_reply is not None:
        on_reply(error)


class Catalog:
    """The `Router` of a single node. Runs its actors in `nursery`; a workspace that crashes too often is quarantined:
    it alone stays closed until it is released."""

    def __init__(
        self,
        nursery: trio.Nursery,
        parts: ActorParts,
        intensity: RestartIntensity,
        on_end: Callable[[str], None] | None = None,
    ) -> None:
        """`on_end` hears of each workspace that has been closed for good here; it must not block or raise."""
        self._on_end = on_end
        self._supervisor = Supervisor(nursery)
        self._parts = parts
        self._intensity = intensity
        self._slots: dict[str, _Slot] = {}
        self._is_draining = False
        self.activations = 0
        """How many actors were begun, restarts too."""
        self.crashes = 0
        self.quarantines = 0

    @property
    def open_workspaces(self) -> dict[str, int]:
        """The ids of the open workspaces and how many messages wait for each."""
        return {workspace_id: slot.mailbox_depth for workspace_id, slot in self._slots.items()}

    def statistics(self) -> list[ActorStatistics]:
        """Of every workspace that is open or quarantined here."""
        found = [slot.statistics() for slot in self._slots.values()]
        return found + [ActorStatistics(workspace_id, "quarantined") for workspace_id in self.quarantined]

    @property
    def quarantined(self) -> Mapping[str, Quarantined]:
        """The workspaces that crashed too often, here or on another node."""
        return self._parts.quarantine.closed

    def quarantine(self, workspace_id: str, reason: str = "by hand", crashes: int = 0) -> None:
        """Close the workspace, and keep it closed, on every node, until it is released."""
        self.quarantines += 1
        self._parts.quarantine.close(workspace_id, reason, crashes)
        if slot := self._slots.get(workspace_id):
            slot.close()

    async def release(self, workspace_id: str) -> bool:
        """Let a quarantined workspace be opened again, here at once, on other nodes soon; False when it was not
        quarantined. Raises `Unavailable`."""
        return await self._parts.quarantine.release(workspace_id)

    async def find(self, workspace_id: str) -> _Slot:
        """See `Router.find`."""
        with trio.move_on_after(self._parts.settings.activation_seconds):
            while True:
                if workspace_id in self._parts.quarantine.closed:
                    raise Unavailable("The workspace is closed for repair; an administrator has been told")
                if self._is_draining:
                    raise Unavailable("The server is shutting down; connect again in a moment")
                slot = self._slots.get(workspace_id) or self._start(workspace_id)
                await slot.opened.wait()
                if slot.is_alive:
                    return slot
                if slot.error is not None:
                    raise slot.error
                await slot.ended.wait()
        raise Unavailable("The workspace takes too long to open; try again")

    async def call(self, workspace_id: str, message: Message) -> Any:
        """See `Router.call`."""
        return await ask(await self.find(workspace_id), message, self._parts.settings.call_seconds)

    async def reach(self, workspace_id: str) -> int | None:
        """From which seq on those who are in the workspace on this node may still need its entries; None when it is not
        open here."""
        if workspace_id not in self._slots:
            return None
        reach = await self.call(workspace_id, GetReach())
        assert isinstance(reach, int)
        return reach

    @property
    def is_draining(self) -> bool:
        """Whether the node is stopping."""
        return self._is_draining

    def get(self, workspace_id: str) -> "_Slot | None":
        """The workspace's place, if it is open or opening here."""
        return self._slots.get(workspace_id)

    def epochs(self) -> Mapping[str, int]:
        """The workspaces that are open here, and under which epoch."""
        return {key: slot.actor.epoch for key, slot in self._slots.items() if slot.actor is not None}

    async def close(self, workspace_id: str) -> None:
        """Close one workspace once all it has accepted is durable and told; its next use opens it again."""
        slot = self._slots.get(workspace_id)
        if slot is not None:
            slot.close()
            await slot.ended.wait()

    async def drain(self) -> None:
        """Close every workspace once all it has accepted is durable. The caller sets the deadline."""
        self._is_draining = True
        slots = list(self._slots.values())
        for slot in slots:
            slot.close()
        for slot in slots:
            await slot.ended.wait()

    def _start(self, workspace_id: str) -> _Slot:
        slot = self._slots[workspace_id] = _Slot(workspace_id, self._parts)

        async def run() -> None:
            self.activations += 1
            await slot.run()
            self._end(workspace_id, slot)

        crashes = 0

        def on_crash(error: Exception, will_restart: bool) -> None:
            nonlocal crashes
            crashes += 1
            self.crashes += 1
            if not will_restart:
                self.quarantine(workspace_id, describe_error(error), crashes)
                slot.error = Unavailable("The workspace is closed for repair; an administrator has been told")
                self._end(workspace_id, slot)

        self._supervisor.start(
            ChildSpec(f"workspace {workspace_id}", run, RestartType.TRANSIENT, self._intensity, on_crash)
        )
        return slot

    def _end(self, workspace_id: str, slot: _Slot) -> None:
        """The actor has ended for good; the next use starts a new one."""
        if self._slots.get(workspace_id) is slot:
            del self._slots[workspace_id]
        slot.opened.set()
        slot.ended.set()
        if self._on_end is not None:
            self._on_end(workspace_id)
