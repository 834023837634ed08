"""The lines of a cluster's nodes, each of them to be cut both ways or one way: in network namespaces where the machine
lets us make some, else by proxies that swallow what they get.

Nodes have no lines to each other: what they say goes through Redis. So the pairs there are to be cut are each node with
Redis, with PostgreSQL and with its clients. In namespaces a relay on our side of the line stands for the engine; what
is lost is packets, and neither end is told.
"""

import os
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from nvserver.testing.fault_proxy import FaultProxy, fault_proxy
from tests.cluster.nodes import Cluster, NodeProcess, running_cluster
from tests.faults.stores import RealStore
from tests.support.ports import free_port

Peer: TypeAlias = Literal["redis", "postgres", "clients"]
Way: TypeAlias = Literal["both", "to", "from"]
"""Whether nothing gets to the peer, nothing comes from it, or both."""

PEERS: Sequence[Peer] = ("redis", "postgres", "clients")
WAYS: Sequence[Way] = ("both", "to", "from")
NODES = 3


class Lines(Protocol):
    """`kind` tells how they are cut; `proxies` stand between a node, by its number, and a peer."""

    kind: str
    proxies: Mapping[tuple[int, Peer], FaultProxy]

    def cut(self, node: int, peer: Peer, way: Way) -> None: ...

    def heal(self, node: int, peer: Peer) -> None: ...


class SwallowingLines:
    """Proxies that pass nothing on. What was swallowed is missing, so that a healed line is reset."""

    kind = "proxies"

    def __init__(self, proxies: Mapping[tuple[int, Peer], FaultProxy]) -> None:
        self.proxies = proxies

    def cut(self, node: int, peer: Peer, way: Way) -> None:
        outward = ("requests", "answers") if peer != "clients" else ("answers", "requests")
        swallowed = {"both": outward, "to": outward[:1], "from": outward[1:]}[way]
        self.proxies[node, peer].swallow("requests" in swallowed, answers="answers" in swallowed)

    def heal(self, node: int, peer: Peer) -> None:
        proxy = self.proxies[node, peer]
        proxy.swallow(False)
        proxy.reset_all()


class Namespaces:
    """A network namespace a node, and a pair of interfaces for each of its lines. Needs root, `ip` and `tc`."""

    kind = "namespaces"

    def __init__(self, place: int) -> None:
        self.proxies: Mapping[tuple[int, Peer], FaultProxy] = {}
        self._place = place

    def name(self, node: int) -> str:
        return f"nv{self._place}-{node}"

    def ours(self, node: int, peer: Peer) -> str:
        """The address of our end."""
        return f"10.77.{self._place}.{self._base(node, peer) + 1}"

    def theirs(self, node: int, peer: Peer) -> str:
        return f"10.77.{self._place}.{self._base(node, peer) + 2}"

    def _base(self, node: int, peer: Peer) -> int:
        return 4 * (len(PEERS) * node + PEERS.index(peer))

    def _link(self, node: int, peer: Peer) -> str:
        return f"nv{self._place}-{node}{peer[0]}"

    def lay(self, node: int) -> None:
        """The interfaces of one node."""
        name = self.name(node)
        _do("ip", "-n", name, "link", "set", "lo", "up")
        for peer in PEERS:
            link = self._link(node, peer)
            _do("ip", "link", "add", link, "type", "veth", "peer", "name", "n" + link, "netns", name)
            _do("ip", "addr", "add", f"{self.ours(node, peer)}/30", "dev", link)
            _do("ip", "link", "set", link, "up")
            _do("ip", "-n", name, "addr", "add", f"{self.theirs(node, peer)}/30", "dev", "n" + link)
            _do("ip", "-n", name, "link", "set", "n" + link, "up")

    def cut(self, node: int, peer: Peer, way: Way) -> None:
        """A queue that holds not a single packet drops them all, and tells nobody."""
        link = self._link(node, peer)
        if way != "from":
            _do("ip", "netns", "exec", self.name(node), *_NOTHING_THROUGH, "n" + link, *_QUEUE)
        if way != "to":
            _do(*_NOTHING_THROUGH, link, *_QUEUE)

    def heal(self, node: int, peer: Peer) -> None:
        link = self._link(node, peer)
        inside = ("ip", "netns", "exec", self.name(node))
        for command in ((*inside, *_AS_BEFORE, "n" + link, "root"), (*_AS_BEFORE, link, "root")):
            subprocess.run(command, check=False, capture_output=True)  # it fails for the way that was open


_NOTHING_THROUGH = ("tc", "qdisc", "replace", "dev")
_AS_BEFORE = ("tc", "qdisc", "del", "dev")
_QUEUE = ("root", "bfifo", "limit", "1")


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def _namespaces() -> Iterator[Namespaces | None]:
    """None where there are none to be had."""
    network = None
    if os.geteuid() == 0 and shutil.which("ip") and shutil.which("tc"):
        for place in range(1, 250):
            candidate = Namespaces(place)
            if subprocess.run(("ip", "netns", "add", candidate.name(0)), check=False, capture_output=True).returncode:
                continue  # somebody else's, or not for us
            network = candidate
            break
    if network is None:
        yield None
        return
    try:
        try:
            for node in range(1, NODES):
                _do("ip", "netns", "add", network.name(node))
            for node in range(NODES):
                network.lay(node)
            network.cut(0, "redis", "both")
            network.heal(0, "redis")
        except subprocess.CalledProcessError:
            yield None
        else:
            yield network
    finally:
        for node in range(NODES):
            subprocess.run(("ip", "netns", "del", network.name(node)), check=False, capture_output=True)


@asynccontextmanager
async def cluster_on_lines(
    store: RealStore, redis_url: str, folder: Path, rng: random.Random, *, may_be_real: bool = False
) -> AsyncIterator[tuple[Cluster, Lines]]:
    """Three nodes; `may_be_real`: in namespaces, if those can be had."""
    assert store.url is not None
    async with AsyncExitStack() as stack:
        network = stack.enter_context(_namespaces()) if may_be_real else None
        proxies: dict[tuple[int, Peer], FaultProxy] = {}
        ports = [free_port() for _ in range(NODES)]
        settings = []
        for number in range(NODES):
            addresses = {}
            engines: tuple[tuple[Peer, str], ...] = (("redis", redis_url), ("postgres", store.url))
            for name, url in engines:
                parts = urlsplit(url)
                assert parts.hostname is not None and parts.port is not None
                at = network.ours(number, name) if network is not None else "127.0.0.1"
                proxy = await stack.enter_async_context(
                    fault_proxy(parts.hostname, parts.port, rng.randrange(2**32), at=at)
                )
                proxies[number, name] = proxy
                user = f"{parts.username}@" if parts.username else ""
                addresses[name] = parts._replace(netloc=f"{user}{at}:{proxy.port}").geturl()
            settings.append({"NV_REDIS_URL": addresses["redis"], "NV_DATABASE_URL": addresses["postgres"]})
            if network is None:
                proxies[number, "clients"] = await stack.enter_async_context(
                    fault_proxy("127.0.0.1", ports[number], rng.randrange(2**32))
                )

        def place(node: NodeProcess, number: int) -> None:
            node.port = ports[number]
            if network is None:
                node.front_port = proxies[number, "clients"].port
            else:
                node.host = network.theirs(number, "clients")
                node.prefix = ("ip", "netns", "exec", network.name(number))

        cluster = await stack.enter_async_context(
            running_cluster(store, redis_url, folder, own_settings=settings, place=place)
        )
        lines: Lines = SwallowingLines(proxies) if network is None else network
        lines.proxies = proxies
        yield cluster, lines
