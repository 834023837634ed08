"""Real node processes on one PostgreSQL and one Redis, with people at work on all of them."""

import random
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import trio

from nvserver.testing.history import Witness
from nvserver.testing.note_client import NoteClient
from tests.e2e.characters import Typist, unlike_characters
from tests.e2e.teams import found_team
from tests.faults.crew import Crew, Worker
from tests.faults.faulty_server import BRISK, FaultyServer
from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore

LEASE_SECONDS = 1.0


class NodeProcess(FaultyServer):
    """One node; `name` is what the cluster calls it."""

    def __init__(self, name: str, data_dir: Path, settings: Mapping[str, str]) -> None:
        data_dir.mkdir()
        super().__init__(data_dir, {**settings, "NV_NODE_NAME": name})
        self.name = name
        self.front_port = 0
        """Where clients reach it, when something stands before it."""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.front_port or self.port}"

    def pause(self) -> None:
        """Let it hang, sockets open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def is_hung(self) -> bool:
        """Whether it was stopped, by whomever."""
        assert self._process is not None
        return Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def terminate(self) -> None:
        """Ask it to drain; `stop` waits for that too."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


class Cluster:
    """Nodes that run; also what a `Crew` takes for its server: the first node's address, and everybody's log."""

    def __init__(self, nodes: list[NodeProcess], store: RealStore) -> None:
        self.nodes = nodes
        self.store = store

    @property
    def url(self) -> str:
        return self.nodes[0].url

    @property
    def host(self) -> str:
        return self.nodes[0].host

    @property
    def port(self) -> int:
        return self.nodes[0].port

    def events(self, name: str) -> list[dict[str, object]]:
        """The log's lines of that event, of all nodes and lives."""
        return [event for node in self.nodes for event in node.events(name)]

    def owner_of(self, workspace_id: str) -> NodeProcess:
        """The node whose activation is the newest, as the store knows."""
        assert self.store.server is not None and self.store.url is not None
        database = self.store.url.rsplit("/", 1)[1]
        query = f"SELECT owner FROM logs WHERE workspace_id = {self.store.id(workspace_id)}"
        owner = self.store.server.sql(query, database).partition("~")[0]
        return next(node for node in self.nodes if node.name == owner)


class ClusterCrew(Crew):
    """People in some workspaces, each of them on a node of his own."""

    def __init__(self, cluster: Cluster, folder: Path, rng: random.Random) -> None:
        super().__init__(cluster, folder, rng)  # type: ignore[arg-type]
        self.cluster = cluster

    async def hire_everywhere(self, workspaces: int) -> None:
        """Found so many workspaces; in each, one person a node."""
        characters = unlike_characters()
        for number in range(workspaces):
            team = await found_team(self.cluster, bob="member")  # type: ignore[arg-type]
            for place, node in enumerate(self.cluster.nodes):
                typist = Typist(random.Random(self._rng.random()), characters)
                person = team[("ada", "bob")[(number + place) % 2]]
                assert person.token is not None
                file = self._new_file(f"client-{len(self.workers)}")
                witness = Witness(file, person.user["id"], team.workspace_id, team.note_id)
                client = NoteClient(
                    *(node.url, person.token, team.workspace_id, team.note_id),
                    *(typist.next_edit, self._step, witness),
                )
                self.workers.append(Worker(client, typist, team))

    def workers_on(self, node: NodeProcess) -> list[Worker]:
        return [worker for worker in self.workers if worker.client._url == node.url]


def cluster_settings(store: RealStore, redis_url: str) -> Mapping[str, str]:
    return {
        **BRISK,
        **store.variables,
        "NV_REDIS_URL": redis_url,
        "NV_LEASE_SECONDS": str(LEASE_SECONDS),
        "NV_NODE__LINK_SECONDS": str(LEASE_SECONDS),
        "NV_NODE__REBALANCE_SECONDS": "0",
    }


@asynccontextmanager
async def running_cluster(
    store: RealStore,
    redis_url: str,
    folder: Path,
    count: int = 3,
    own_settings: Sequence[Mapping[str, str]] = (),
    plants: Sequence[str] = (),
    place: Callable[[NodeProcess, int], None] = lambda node, number: None,
    **more: str,
) -> AsyncIterator[Cluster]:
    """Nodes that are ready; killed when the block is left. `more` is for all of them, the sequences are for each: see
    `tests.faults.planted`. `place` says where a node runs before it does."""
    async with store.open():
        pass  # makes the schema
    settings = {**cluster_settings(store, redis_url), **more}
    with ExitStack() as stack:
        nodes = []
        for number in range(count):
            node = NodeProcess(
                f"n{number}", folder / f"node-{number}", {**settings, **(own_settings[number] if own_settings else {})}
            )
            stack.callback(node.kill)
            place(node, number)
            if plants and plants[number]:
                node.module = ("tests.faults.planted", plants[number])
            nodes.append(node)
        async with trio.open_nursery() as nursery:
            for node in nodes:
                nursery.start_soon(trio.to_thread.run_sync, node.start)
        yield Cluster(nodes, store)


@asynccontextmanager
async def people_at_work(
    cluster: Cluster, folder: Path, rng: random.Random, workspaces: int
) -> AsyncIterator[ClusterCrew]:
    """They write while the block breaks things; then they come to rest, the nodes end, and all is held against the
    log."""
    with trio.fail_after(PATIENCE_SECONDS), ClusterCrew(cluster, folder, rng) as crew:
        await crew.hire_everywhere(workspaces)
        async with trio.open_nursery() as nursery:
            crew.start(nursery)
            await crew.wait_acknowledged(10 * workspaces)
            yield crew
            await crew.meet_rival(cluster.store)
            crew.is_over = True
        await crew.come_to_rest()
        for node in cluster.nodes:
            await trio.to_thread.run_sync(node.kill)
        await crew.judge(cluster.store)


def fences(cluster: Cluster) -> int:
    """How often a node was told by the store that another one has gone on without it."""
    return sum(event["outcome"] == "fenced" for event in cluster.events("workspace lost"))


def past(workers: list[Worker], edits: int) -> Callable[[], bool]:
    """Whether each of them was told of so many more edits of his own."""
    goals = [(worker.client, len(worker.client.acknowledged) + edits) for worker in workers]
    return lambda: all(len(client.acknowledged) >= goal for client, goal in goals)


def seen(crew: ClusterCrew) -> dict[str, int]:
    """For the report. That clients had to send nothing again themselves is no fault here: their node does it."""
    return {name: count for name, count in crew.seen.items() if name != "resends"}
