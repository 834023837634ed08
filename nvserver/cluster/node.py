"""A node among others, put together: bus, links, lease, router, and words to all nodes."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
import structlog
import trio

from nvserver.actors.timer import Timer
from nvserver.cluster.frames import ENCODER, FRAMES, CloseSignIn, CountTries, LinkBroken, LinkFrame, TellUser, Word
from nvserver.cluster.host import HostLink
from nvserver.cluster.keeper import Keeper
from nvserver.cluster.link import FRAME_BYTES
from nvserver.cluster.links import Line, Links
from nvserver.cluster.router import ClusterRouter
from nvserver.cluster.seal import Seal
from nvserver.cluster.settings import NodeSettings
from nvserver.cluster.store_watch import CheckStore, StoreWatch
from nvserver.cluster.tokens import NewToken, new_token
from nvserver.cluster.wire import wire_version
from nvserver.core.placement import POLICIES, Rebalance, surplus
from nvserver.errors import NoteVaultError, OperatorError
from nvserver.ports.bus import Bus
from nvserver.ports.directory import Directory, NodeInfo
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.farewell import Farewell
from nvserver.workspace.settings import WorkspaceSettings

log = structlog.get_logger()

_REBALANCE: Final = Rebalance()
_REMEMBERED: Final = 10_000
"""Nodes whose newest word is known, so that no older one counts: also of those that were taken for dead in error."""


class ClusterNode:
    """`wire` first, then `start`. `tell_user` and `close_auth_session` reach the connections of all nodes."""

    def __init__(
        self,
        name: str,
        settings: NodeSettings,
        keys: Sequence[bytes],
        directory: Directory,
        bus: Bus,
        timer: Timer,
        nursery: trio.Nursery,
        workspace_settings: WorkspaceSettings,
        started_at: int = 0,
        new_token: NewToken = new_token,
        frame_bytes: int = FRAME_BYTES,
        wire: int | None = None,
    ) -> None:
        self.node_id = f"{name}~{new_token()}"
        self._name = name
        self._settings = settings
        self._directory = directory
        self._bus = bus
        self._seal = Seal(keys)
        self._timer = timer
        self._nursery = nursery
        self._workspace_settings = workspace_settings
        self._started_at = started_at
        self._wire = wire_version() if wire is None else wire
        self._hosts: dict[HostLink, None] = {}
        self._words = 0
        self._heard: OrderedDict[str, int] = OrderedDict()
        self._is_draining = False
        self._catalog: Catalog
        self.router: ClusterRouter
        self.refused_datagrams = 0
        self.keeper = Keeper(self.node_id, directory, settings.lease_seconds, self.info, self._forgotten, self._dead)
        self.links = Links(
            self.node_id,
            bus,
            self._seal,
            settings.link_seconds,
            settings.link_bytes,
            self._accept,
            new_token,
            self._wire,
            frame_bytes,
        )
        self._on_tell_user: Callable[[str, str, object], None] = lambda *_: None
        self._on_close_sign_in: Callable[[str], None] = lambda _: None
        self._on_tries: Callable[[str, str, int], None] = lambda *_: None

    def info(self) -> NodeInfo:
        """What this node tells of itself."""
        load = len(self._catalog.open_workspaces)
        takes_none = self._is_draining or self.router.has_stepped_back
        return NodeInfo(self.node_id, self._name, self._settings.url, load, takes_none, self._started_at, self._wire)

    def wire(self, catalog: Catalog) -> None:
        """The node's activations."""
        self._catalog = catalog
        self.router = ClusterRouter(
            catalog,
            self._directory,
            self.keeper,
            self.links,
            POLICIES[self._settings.placement],
            self._start_soon,
            activation_seconds=self._workspace_settings.activation_seconds,
            call_seconds=self._workspace_settings.call_seconds,
            max_bytes=self._settings.link_bytes,
        )

    def hear(
        self,
        tell_user: Callable[[str, str, object], None],
        close_sign_in: Callable[[str], None],
        count_tries: Callable[[str, str, int], None],
    ) -> None:
        """What words to all nodes do on this one."""
        self._on_tell_user = tell_user
        self._on_close_sign_in = close_sign_in
        self._on_tries = count_tries

    async def start(self, cluster_id: str, check_store: CheckStore | None = None) -> None:
        """Join the cluster; with `check_store` what this node has goes to others while the store does not answer it.
        Raises `OperatorError` for a directory that serves another one, `Unavailable` when it does
        not answer."""
        served = await self._directory.bind(cluster_id)
        if served != cluster_id:
            raise OperatorError(
                "redis.url names a Redis that serves another NoteVault, whose database is not this one: use a database"
                " of Redis of its own, such as redis://HOST/1, or empty it"
            )
        await self._bus.listen(self.node_id, self._received)
        for service in (self.keeper.run, self.links.run, self.router.run, self._rebalance):
            self._nursery.start_soon(service)
        if check_store is not None:
            watch = StoreWatch(check_store, self._settings.lease_seconds, self._step_back, self._come_back)
            self._nursery.start_soon(watch.run)

    async def _step_back(self) -> None:
        await self.router.step_back()
        self.keeper.beat_soon()
        # What others have asked waits for appends that the store does not answer: they ask the next owner.
        self.links.break_hosted()

    def _come_back(self) -> None:
        self.router.come_back()
        self.keeper.beat_soon()

    async def drain(self) -> None:
        """Hand over what this node has. The caller sets the deadline."""
        self._is_draining = True
        self.keeper.beat_soon()
        await self.router.drain()

    async def leave(self) -> None:
        """The last thing: end the lease."""
        try:
            await self._directory.retire(self.node_id)
        except NoteVaultError as error:
            log.info("lease not ended", error=error.message)

    # --- words to all nodes --------------------------------------------------------------------------------------

    def tell_user(self, user_id: str, event: str, payload: object) -> None:
        """Send an event to all connections of a person, on every node. May be lost on the others."""
        self._on_tell_user(user_id, event, payload)
        raw = msgspec.Raw(msgspec.msgpack.encode(payload))
        self._tell_all(TellUser(self.node_id, self._next_word(), user_id, event, raw))

    def close_auth_session(self, auth_session_id: str) -> None:
        """A sign-in was revoked: its connections are closed at once, on every node."""
        self._on_close_sign_in(auth_session_id)
        self._tell_all(CloseSignIn(self.node_id, self._next_word(), auth_session_id))

    def tell_tries(self, throttle: str, key: str, tries: int) -> None:
        """Tries that were counted here count everywhere. May be lost."""
        self._tell_all(CountTries(self.node_id, self._next_word(), throttle, key, tries))

    def _next_word(self) -> int:
        self._words += 1
        return self._words

    def _tell_all(self, word: Word) -> None:
        self._bus.send(None, self._seal.seal(ENCODER.encode(word)))

    # --- what comes ----------------------------------------------------------------------------------------------

    def _received(self, datagram: bytes) -> None:
        body = self._seal.open(datagram)
        if body is None:
            self._refuse("its seal is no node's")
            return
        try:
            frame = FRAMES.decode(body)
        except msgspec.MsgspecError as error:
            self._refuse(str(error))
            return
        match frame:
            case LinkFrame(receiver=receiver) if receiver == self.node_id:
                self.links.take_frame(frame, len(datagram))
            case LinkBroken(receiver=receiver) if receiver == self.node_id:
                self.links.take_broken(frame)
            case TellUser(sender=sender, seq=seq) if self._is_new(sender, seq):
                self._on_tell_user(frame.user_id, frame.event, msgspec.msgpack.decode(frame.payload))
            case CloseSignIn(sender=sender, seq=seq) if self._is_new(sender, seq):
                self._on_close_sign_in(frame.auth_session_id)
            case CountTries(sender=sender, seq=seq) if self._is_new(sender, seq):
                self._on_tries(frame.throttle, frame.key, frame.tries)

    def _is_new(self, sender: str, seq: int) -> bool:
        """Whether it is another node's word and was not heard before."""
        if sender == self.node_id or not self.keeper.is_alive(sender) or seq <= self._heard.get(sender, 0):
            return False
        self._heard[sender] = seq
        self._heard.move_to_end(sender)
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        return True

    def _refuse(self, reason: str) -> None:
        self.refused_datagrams += 1
        log.warning("datagram refused", reason=reason)

    def _accept(self, line: Line) -> HostLink:
        host = HostLink(line, self.router, self._timer, self._start_soon, self._hosts.pop)
        self._hosts[host] = None
        return host

    # --- what happens to leases ----------------------------------------------------------------------------------

    def on_farewell(self, workspace_id: str, farewell: Farewell) -> None:
        """See `workspace.farewell.OnFarewell`."""
        for host in list(self._hosts):
            host.farewell(workspace_id)
        self.router.on_farewell(workspace_id, farewell)

    def on_end(self, workspace_id: str) -> None:
        """See `Catalog`."""
        self.router.on_end(workspace_id)

    def _forgotten(self) -> None:
        self.router.reclaim_soon()

    def _dead(self, node_id: str) -> None:
        self.links.drop_node(node_id)

    async def _rebalance(self) -> None:
        if not self._settings.rebalance_seconds:
            return
        is_giving = False
        while True:
            await trio.sleep(self._settings.rebalance_seconds)
            candidates = self.keeper.candidates()
            count = surplus(self.node_id, candidates, _REBALANCE, is_giving=is_giving)
            is_giving = count > 0 and self.keeper.may_place
            if not is_giving:
                continue
            receiver = min(candidates, key=lambda node: node.load)
            workspace_id = next(iter(self._catalog.open_workspaces), None)
            if workspace_id is None or receiver.node_id == self.node_id:
                continue
            try:
                await self.router.hand_over(workspace_id, receiver.node_id)
            except NoteVaultError as error:
                log.info("not rebalanced", workspace=workspace_id, error=error.message)
            self.keeper.beat_soon()

    def _start_soon(self, function: Callable[..., Awaitable[Any]], /, *args: Any) -> None:
        self._nursery.start_soon(function, *args)

    def overview(self) -> Mapping[str, NodeInfo]:
        """The live nodes by id, for those who run the server."""
        return self.keeper.nodes
