"""C15: whoever can write to the bus can still not speak for a node."""

import random

import msgspec
import trio

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.cluster.frames import ENCODER, CloseSignIn, LinkFrame, Silence, TellUser
from nvserver.cluster.seal import Seal
from nvserver.cluster.settings import NodeSettings
from nvserver.testing.sim_cluster import Network, NetworkRates, sim_member
from nvserver.workspace.settings import WorkspaceSettings

KEY = b"simulated" * 8


def test_only_the_clusters_keys_open(rng: random.Random) -> None:
    body = rng.randbytes(200)
    sealed = Seal([b"new key " * 4, b"old key " * 4]).seal(body)
    assert Seal([b"new key " * 4]).open(sealed) == body
    assert Seal([b"other key " * 4, b"new key " * 4]).open(sealed) == body, "keys can be changed one after the other"
    assert Seal([b"old key " * 4]).open(sealed) is None, "a credential that is no longer one"
    assert Seal([b"other key " * 4]).open(sealed) is None
    for _ in range(300):
        place = rng.randrange(len(sealed))
        changed = bytearray(sealed)
        changed[place] ^= 1 << rng.randrange(8)
        assert Seal([b"new key " * 4]).open(bytes(changed)) is None
    for length in range(40):
        assert Seal([b"new key " * 4]).open(rng.randbytes(length)) is None


async def test_a_node_takes_nothing_that_is_forged_replayed_or_malformed(
    autojump_clock: trio.testing.MockClock, rng: random.Random
) -> None:
    network = Network(rng, NetworkRates())
    oplog = MemoryOpLog(MemoryIndex())
    nodes = NodeSettings(lease_seconds=1, rebalance_seconds=0)
    settings = WorkspaceSettings()
    async with (
        sim_member(oplog, network, "a", settings=settings, node_settings=nodes) as a,
        sim_member(oplog, network, "b", settings=settings, node_settings=nodes) as b,
    ):
        heard: list[object] = []
        a.cluster.hear(lambda *word: heard.append(word), heard.append, lambda *_: None)
        caught: list[bytes] = []
        listener = network.hub.listeners[a.cluster.node_id]

        def tap(datagram: bytes) -> None:
            caught.append(datagram)
            listener(datagram)

        network.hub.listeners[a.cluster.node_id] = tap
        await trio.sleep(2)
        b.cluster.tell_user("ada", "notification", {"id": "1"})
        b.cluster.close_auth_session("sign-in")
        await trio.sleep(1)
        assert heard == [("ada", "notification", {"id": "1"}), "sign-in"]

        node_id = b.cluster.node_id
        raw = msgspec.Raw(msgspec.msgpack.encode({}))
        forged = [
            TellUser(node_id, 99, "ada", "notification", raw),
            CloseSignIn(node_id, 99, "sign-in"),
            LinkFrame(node_id, a.cluster.node_id, "f00d", True, 0, (Silence(),), 0),
        ]
        wrong = Seal([b"guessed key " * 3])
        for word in forged:
            listener(wrong.seal(ENCODER.encode(word)))
            listener(ENCODER.encode(word))
        for datagram in caught:  # a replay of everything that ever came
            listener(datagram)
        good = Seal([KEY])
        listener(good.seal(ENCODER.encode(TellUser("stranger~1", 1, "ada", "notification", raw))))
        for body in (b"", b"\x80", b"\x93\x01\x02\x03", msgspec.msgpack.encode(["pickle", "x"]), rng.randbytes(60)):
            listener(good.seal(body))
        await trio.sleep(1)
        assert len(heard) == 2
        assert a.cluster.refused_datagrams == 6 + 5

        network.cut_off.add(node_id)  # one that was taken for dead and was not
        await trio.sleep(3)
        assert not a.cluster.keeper.is_alive(node_id)
        network.cut_off.clear()
        await trio.sleep(3)
        assert a.cluster.keeper.is_alive(node_id)
        for datagram in caught:
            listener(datagram)
        assert len(heard) == 2
