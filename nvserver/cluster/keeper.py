"""Keeps the node's lease in the directory, and knows from its answers who else is alive."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog
import trio

from nvserver.core.lease import Lease, Neighbours, Sighting
from nvserver.core.placement import Candidate
from nvserver.core.statistics import Histogram
from nvserver.errors import Unavailable
from nvserver.ports.directory import Directory, LiveNode, NodeInfo

log = structlog.get_logger()

_AFTER_END_SECONDS: Final = 0.02
_MISSED_SECONDS: Final = 60.0


class Keeper:
    """`describe` tells what the node says of itself; `on_forgotten` is called when the directory did not know its lease
    any more, or may not have, `on_dead` for each node whose lease has ended. Neither may block or raise."""

    def __init__(
        self,
        node_id: str,
        directory: Directory,
        lease_seconds: float,
        describe: Callable[[], NodeInfo],
        on_forgotten: Callable[[], None],
        on_dead: Callable[[str], None],
    ) -> None:
        self.node_id = node_id
        self.lease = Lease(lease_seconds)
        self._directory = directory
        self._neighbours = Neighbours(lease_seconds)
        self._describe = describe
        self._on_forgotten = on_forgotten
        self._on_dead = on_dead
        self._infos: dict[str, NodeInfo] = {}
        self._placed: dict[str, list[float]] = {}
        self._may_place_at = float("-inf")
        self._looked_at = float("-inf")
        self._missed: dict[str, float] = {}
        self._soon = trio.Event()
        self._is_unsure = False
        self._has_joined = False
        self.beaten = trio.Event()
        """Set at each answer of the directory, and made anew."""
        self.renewal_seconds = Histogram()
        """How long the directory took to answer."""
        self.failures = 0
        """Renewals that were not answered."""
        self.forgotten = 0
        """Times the lease was gone when it was to be renewed."""

    def others(self) -> Sequence[NodeInfo]:
        """The other nodes that are alive, as far as is known."""
        return [info for node_id, info in self.nodes.items() if node_id != self.node_id]

    @property
    def nodes(self) -> Mapping[str, NodeInfo]:
        """The nodes that are alive, as far as is known; this one too."""
        now = trio.current_time()
        live = {node_id: info for node_id, info in self._infos.items() if self._neighbours.is_alive(node_id, now)}
        return live | {self.node_id: self._describe()}

    def is_held(self) -> bool:
        """Whether the node's own lease runs: nobody has taken anything from it yet."""
        return self.lease.is_held(trio.current_time())

    def left_seconds(self) -> float:
        """Of the node's own lease."""
        return self.lease.left(trio.current_time())

    @property
    def may_place(self) -> bool:
        """Whether it is known well enough who is alive: the directory has answered lately, and was not just emptied."""
        now = trio.current_time()
        return self._neighbours.is_fresh(now) and now >= self._may_place_at

    def is_alive(self, node_id: str) -> bool:
        return node_id == self.node_id or self._neighbours.is_alive(node_id, trio.current_time())

    def is_dead(self, node_id: str) -> bool:
        """Whether it surely is: the directory did not know it when asked after it was missed first. A node that has
        just begun is not known yet either; then the directory is asked at once, and False is the answer for now."""
        now = trio.current_time()
        if self.is_alive(node_id):
            return False
        if self._looked_at > self._missed.setdefault(node_id, now):
            return True
        self.beat_soon()
        return False

    def candidates(self) -> Sequence[Candidate]:
        """The nodes of this one's wire that take workspaces. What was placed on one since it told its load counts too:
        else a hundred opened within a beat would all go by the same old number."""
        nodes = self.nodes
        own = nodes[self.node_id]
        return [self._candidate(info) for info in nodes.values() if not info.is_draining and info.wire == own.wire]

    def heirs(self) -> Sequence[Candidate]:
        """The nodes to which this one gives what it has when it stops: those of another wire, if there are such, for
        they were updated already and stay."""
        own = self._describe()
        takers = [info for info in self.others() if not info.is_draining]
        updated = [info for info in takers if info.wire != own.wire]
        return [self._candidate(info) for info in updated or takers]

    def is_foreign(self, node_id: str) -> bool:
        """Whether it is a node of another wire, with which there can be no link."""
        info = self._infos.get(node_id)
        return info is not None and info.wire != self._describe().wire

    def _candidate(self, info: NodeInfo) -> Candidate:
        return Candidate(info.node_id, info.load + len(self._placed.get(info.node_id, ())))

    def placed(self, node_id: str) -> None:
        """This node has sent a workspace to that one, to be opened."""
        self._placed.setdefault(node_id, []).append(trio.current_time())

    def beat_soon(self) -> None:
        """What the node says of itself has changed."""
        self._soon.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._soon = trio.Event()
            await self._beat()
            now = trio.current_time()
            wake_at = self.lease.next_renewal
            next_end = self._neighbours.next_end(now)
            if next_end is not None:
                wake_at = min(wake_at, next_end + _AFTER_END_SECONDS)
            with trio.move_on_at(max(wake_at, now + _AFTER_END_SECONDS)):
                await self._soon.wait()

    async def _beat(self) -> None:
        sent_at = trio.current_time()
        self.lease.sent(sent_at)
        was_held = self.lease.is_held(sent_at)
        try:
            beat = await self._directory.beat(self._describe(), self.lease.seconds)
        except Unavailable as error:
            self.failures += 1
            self._is_unsure = True
            log.warning("lease not renewed", node=self.node_id, error=error.message)
            return
        now = trio.current_time()
        self.renewal_seconds.observe(now - sent_at)
        self.lease.renewed(sent_at)
        self._looked_at = sent_at
        self._missed = {node_id: at for node_id, at in self._missed.items() if at > now - _MISSED_SECONDS}
        # Emptied, or forgetful: a replica took over, its clock has jumped.
        has_lost = beat.was_empty or (was_held and not beat.was_known)
        if has_lost:
            # All others will tell themselves again within a third of a lease: until then nobody counts as dead.
            self._may_place_at = now + self.lease.seconds / 2
        self._see(beat.nodes, now, keep=has_lost)
        if not self._has_joined:
            self._has_joined = True
            log.info("node joined", node=self.node_id, others=len(self._infos))
        elif not beat.was_known:
            self.forgotten += 1
            log.warning("lease was gone", node=self.node_id, was_held=was_held, directory_was_empty=beat.was_empty)
        if not beat.was_known or self._is_unsure:  # what the lost answer would have said cannot be known
            self._is_unsure = False
            self._on_forgotten()
        beaten, self.beaten = self.beaten, trio.Event()
        beaten.set()

    def _see(self, nodes: Sequence[LiveNode], now: float, *, keep: bool) -> None:
        others = {node.info.node_id: node for node in nodes if node.info.node_id != self.node_id}
        for node_id in others.keys() - self._infos.keys():
            log.info("node seen", node=node_id)
            if others[node_id].info.wire != (own := self._describe().wire):
                log.warning("node of another wire seen", node=node_id, wire=others[node_id].info.wire, own=own)
        sightings = [Sighting(node_id, node.left_seconds) for node_id, node in others.items()]
        if keep:
            sightings += [Sighting(node_id, self.lease.seconds) for node_id in self._infos.keys() - others.keys()]
        self._forget_placed(now, others)
        gone = set() if keep else self._infos.keys() - others.keys()
        self._neighbours.saw(now, sightings)
        self._infos = {node_id: info for node_id, info in self._infos.items() if node_id not in gone} | {
            node_id: node.info for node_id, node in others.items()
        }
        for node_id in gone:
            log.warning("node gone", node=node_id)
            self._on_dead(node_id)

    def _forget_placed(self, now: float, others: Mapping[str, LiveNode]) -> None:
        """What is in the loads that the others told meanwhile. All nodes have leases of one length, so what is left of
        one tells when it was renewed."""
        told_at = {node_id: now + node.left_seconds - self.lease.seconds for node_id, node in others.items()}
        self._placed = {
            node_id: [at for at in placed if at > told_at[node_id]]
            for node_id, placed in self._placed.items()
            if node_id in told_at
        }
