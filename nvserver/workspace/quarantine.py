"""What this node knows of workspaces and messages that were put aside; the store has it for all nodes and restarts."""

import traceback
from collections import OrderedDict, deque
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
import structlog
import trio

from nvserver.core.changes import Author
from nvserver.errors import NoteVaultError
from nvserver.ports.clock import NowMs
from nvserver.ports.quarantine import PoisonMessage, Quarantined, QuarantineStore
from nvserver.workspace.messages import Message, Submit
from nvserver.workspace.settings import WorkspaceSettings

log = structlog.get_logger()

Number: TypeAlias = tuple[str, str, int, bytes | None]
"""Workspace, client, its number and what was sent under it: by this a request is known when it comes again."""

_MAX_NUMBERS: Final = 1_000
_MAX_WAITING: Final = 100
"""Messages that wait to be stored; those beyond it are dropped, which is logged."""
_CRASHES_OF_POISON: Final = 2
"""A message is poison when it made its workspace crash twice: once may have been the moment, not the message."""


class Quarantine:
    """Plain calls note what failed, for an actor cannot wait for the store then; `run` writes it down and keeps up with
    what other nodes and commands did."""

    def __init__(self, store: QuarantineStore, node_name: str, now_ms: NowMs, settings: WorkspaceSettings) -> None:
        self._store = store
        self._node_name = node_name
        self._now_ms = now_ms
        self._settings = settings
        self._closed: dict[str, Quarantined] = {}
        self._waiting: deque[Quarantined | PoisonMessage] = deque()
        self._crashes: OrderedDict[Number, int] = OrderedDict()
        self._arrived = trio.Event()
        self._version = 0
        """Counts changes of `_closed`: what was read before one is not taken for newer."""

    @property
    def closed(self) -> Mapping[str, Quarantined]:
        """The quarantined workspaces by id, of all nodes."""
        return self._closed

    def close(self, workspace_id: str, reason: str, crashes: int) -> None:
        """From now on the workspace stays closed, on every node, until it is released."""
        one = Quarantined(workspace_id, self._now_ms(), self._node_name, reason, crashes)
        log.error("workspace quarantined", workspace=workspace_id, reason=reason, crashes=crashes)
        self._closed[workspace_id] = one
        self._version += 1
        self._put(one)

    async def release(self, workspace_id: str) -> bool:
        """Let it be opened again; False when it was not quarantined. Raises `Unavailable`."""
        mine = [one for one in self._waiting if isinstance(one, Quarantined) and one.workspace_id == workspace_id]
        for one in mine:
            self._waiting.remove(one)
        is_released = await self._store.release(workspace_id)
        self._version += 1
        return self._closed.pop(workspace_id, None) is not None or is_released

    def failed(self, workspace_id: str, message: Message, error: Exception) -> None:
        """The message's handling raised: it is kept with its bytes."""
        number = _number(workspace_id, message)
        if number is not None:
            self._crashes[number] = self._crashes.pop(number, 0) + 1
            if len(self._crashes) > _MAX_NUMBERS:
                self._crashes.popitem(last=False)
        try:
            body = msgspec.json.encode(message, enc_hook=_session_id)
        except Exception:
            log.exception("a poison message could not be kept", workspace=workspace_id, kind=type(message).__name__)
            return
        digest = blake2b(body, digest_size=16).digest()
        self._put(PoisonMessage(workspace_id, digest, self._now_ms(), _kind(message), describe_error(error), body))

    def is_poison(self, workspace_id: str, message: Message) -> bool:
        """Whether the request made the workspace crash before, more than once."""
        if not self._crashes:
            return False
        number = _number(workspace_id, message)
        return number is not None and self._crashes.get(number, 0) >= _CRASHES_OF_POISON

    def _put(self, one: Quarantined | PoisonMessage) -> None:
        if len(self._waiting) >= _MAX_WAITING and isinstance(one, PoisonMessage):
            log.error("a poison message was dropped", workspace=one.workspace_id, kind=one.kind)
            return
        self._waiting.append(one)
        self._arrived.set()

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled; started once what the store has is known. Raises `Unavailable` only before that."""
        await self._catch_up()
        task_status.started()
        while True:
            with trio.move_on_after(self._settings.quarantine_seconds):
                await self._arrived.wait()
            self._arrived = trio.Event()
            try:
                await self._write_down()
                await self._catch_up()
            except NoteVaultError as error:
                log.warning("quarantine put off", error=error.message)
                await trio.sleep(self._settings.quarantine_seconds)
                self._arrived.set()

    async def _write_down(self) -> None:
        while self._waiting:
            one = self._waiting[0]
            try:
                if isinstance(one, Quarantined):
                    await self._store.put(one)
                else:
                    await self._store.keep(one, newest=self._settings.poison_messages)
            except NoteVaultError:
                raise
            except Exception:
                log.exception("what was put aside cannot be stored", workspace=one.workspace_id)
            if self._waiting and self._waiting[0] is one:
                self._waiting.popleft()

    async def _catch_up(self) -> None:
        version = self._version
        found = {one.workspace_id: one for one in await self._store.all()}
        if version == self._version:
            self._closed = found


def describe_error(error: BaseException) -> str:
    """Its kind and place; not its words, which may hold a note's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _kind(message: Message) -> str:
    name = type(message).__name__
    return f"{name} {type(message.command).__name__}" if isinstance(message, Submit) else name


def _number(workspace_id: str, message: Message) -> Number | None:
    if not isinstance(message, Submit):
        return None
    author: Author = message.author
    if author.client_id is None or author.client_seq is None:
        return None
    return workspace_id, author.client_id, author.client_seq, author.payload_hash


def _session_id(value: object) -> object:
    """Of a message about a session its id is kept."""
    return getattr(value, "id", repr(type(value)))
