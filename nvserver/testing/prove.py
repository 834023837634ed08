"""The shipped proof: nodes are killed, hung, cut off and handed workspaces while people write, then all is checked.

    nvserver prove --minutes 5                                        # three nodes on NV_DATABASE_URL and NV_REDIS_URL
    nvserver prove --minutes 5 --url https://a --url https://b        # your own cluster: you break it

`make prove` brings a PostgreSQL and a Redis of its own. The page it saves says what was done, what was seen, and how
long acknowledgements took, second by second. What the writers were told is kept beside it, for `nvserver verify`.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import trio

from nvserver.core.client_history import Injected
from nvserver.testing.history import HistoryFile
from nvserver.testing.prove_nodes import Node, running_nodes
from nvserver.testing.prove_page import Proven, page
from nvserver.testing.prove_times import Fault, Timings
from nvserver.testing.prove_writers import Refused, Writer, found_writers, text_at_rest
from nvserver.testing.realtime_client import ConnectRefused

_FAULTS = ("kill", "pause", "cut off", "move", "drain")
_REST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for. `urls`: the addresses of a cluster that runs already; without any so many `nodes` are started.
    `report` is the page, in whose folder of the same name all else is kept."""

    minutes: float
    workspaces: int
    seed: int
    report: Path
    urls: Sequence[str] = ()
    token: str | None = None
    edits_per_second: float = 10.0
    nodes: int = 3


class Proof:
    """One run. `findings` is empty when everything that was promised held."""

    def __init__(self, minutes: float, workspaces: int, seed: int, folder: Path) -> None:
        self.seconds = minutes * 60
        self.workspaces = workspaces
        self.seed = seed
        self.folder = folder
        self.faults: Counter[str] = Counter()
        self.findings: list[str] = []
        self.verified: str | None = None
        self.timings = Timings()
        self.writers: list[Writer] = []
        self._chance = random.Random(seed)  # noqa: S311 - chance of a test
        self._is_over = False
        self._refusal: ConnectRefused | None = None

    async def run(self, urls: list[str], nodes: list[Node], token: str | None, pause_seconds: float) -> None:
        """Write through `urls` while `nodes` (none for a foreign cluster) are broken, then check. Raises Refused."""

        places = urls * 2 if len(urls) == 1 else urls  # by a balancer alone, too, two write in each workspace

        def found() -> list[Writer]:
            return found_writers(
                *(places, self.workspaces, self.folder, self._chance, self.timings),
                token=token,
                pause_seconds=pause_seconds,
            )

        self.writers = await trio.to_thread.run_sync(found)
        self.timings.began = trio.current_time()
        async with trio.open_nursery() as background:
            for writer in self.writers:
                background.start_soon(writer.keep_signed_in)
            await self._write(nodes)
            with trio.move_on_after(_REST_SECONDS) as rest:
                await self._check_copies(urls)
            background.cancel_scope.cancel()
        if rest.cancelled_caught:
            self.findings.append(f"the writers did not come to rest within {_REST_SECONDS:.0f} s")
        for writer in self.writers:
            writer.file.close()
        if nodes:
            with HistoryFile(self.folder / "faults.jsonl") as told:
                for fault, times in self.faults.items():
                    told.write(Injected(fault, times))
            code, self.verified = await nodes[0].verify(told.path, *(writer.file.path for writer in self.writers))
            if code:
                self.findings.append("`nvserver verify` found something wrong")

    async def _write(self, nodes: list[Node]) -> None:
        async with trio.open_nursery() as nursery:
            for writer in self.writers:
                nursery.start_soon(self._type, writer, nursery.cancel_scope)
            nursery.start_soon(self._show)
            with trio.move_on_after(self.seconds):
                if nodes:
                    await self._break(nodes)
                await trio.sleep_forever()
            self._is_over = True
        if self._refusal is not None:
            raise Refused(f"a writer is no longer let in: {self._refusal}")

    async def _type(self, writer: Writer, all_writing: trio.CancelScope) -> None:
        try:
            await writer.client.run(lambda: self._is_over)
        except ConnectRefused as refused:
            self._refusal = refused
            all_writing.cancel()

    async def _break(self, nodes: list[Node]) -> None:
        while True:
            await trio.sleep(self._chance.uniform(2, 6))
            kind, node = self._chance.choice(_FAULTS), self._chance.choice(nodes)
            self._tell(f"{kind} {node.name}")
            began = self.timings.now
            with trio.CancelScope(shield=True):
                is_done = await self._do(kind, node, nodes)
            if is_done:
                self.faults[kind] += 1
                self.timings.faults.append(Fault(kind, node.name, node.url, began, self.timings.now))

    async def _do(self, fault: str, node: Node, nodes: list[Node]) -> bool:
        """Whether it was done: a node may say no to a move."""
        match fault:
            case "kill":
                await node.kill()
                await trio.sleep(self._chance.uniform(0, 5))
                await node.start()
            case "drain":
                await node.stop()
                await node.start()
            case "pause":
                node.pause()
                await trio.sleep(self._chance.uniform(0.5, 8))
                node.resume()
            case "cut off":
                node.line.swallow(True)
                await trio.sleep(self._chance.uniform(0.5, 8))
                node.line.swallow(False)
                node.line.reset_all()
            case _:
                workspace_id = self._chance.choice(self.writers).workspace_id
                return await node.move(workspace_id, self._chance.choice(nodes).name)
        return True

    async def _check_copies(self, urls: list[str]) -> None:
        """Convergence: every writer and every node show one text. Order and doubles were checked as they came."""
        for workspace_id in {writer.workspace_id for writer in self.writers}:
            here = [writer for writer in self.writers if writer.workspace_id == workspace_id]
            newest = max(writer.client.seq for writer in here)
            for writer in here:
                await writer.client.follow(newest)
                writer.client.quiesce()
            texts = {writer.client.replica.text for writer in here}
            texts |= {await trio.to_thread.run_sync(text_at_rest, here[0], url) for url in urls}
            if len(texts) > 1:
                self.findings.append(f"workspace {workspace_id}: {len(texts)} different texts")

    def outcome(self) -> Proven:
        """What the page tells."""
        clients = [writer.client for writer in self.writers]
        return Proven(
            self.seconds,
            self.seed,
            self.workspaces,
            clients,
            self.faults,
            self.findings,
            self.timings,
            self.verified,
            self.folder,
        )

    async def _show(self) -> None:
        while not self._is_over:
            await trio.sleep(1)
            second = int(self.timings.now) - 1
            count = self.timings.count_by_second[second]
            slowest = f", slowest {self.timings.slowest_by_second[second]:6.0f} ms" if count else ""
            self._tell(f"{count:5} acknowledged{slowest}")

    def _tell(self, text: str) -> None:
        print(f"{self.timings.now:6.0f} s  {text}", flush=True)  # noqa: T201 - the live view


@asynccontextmanager
async def _nodes(plan: Plan, settings: Mapping[str, str], folder: Path) -> AsyncIterator[tuple[list[str], list[Node]]]:
    if plan.urls:
        print("Writing through your nodes. Break them now: kill, stop, cut off and move what you like.")  # noqa: T201
        yield list(plan.urls), []
        return
    await trio.run_process([sys.executable, "-m", "nvserver", "migrate"], env={**os.environ, **settings})
    async with running_nodes(plan.nodes, settings, folder, plan.seed) as nodes:
        yield [node.url for node in nodes], nodes


async def _prove(plan: Plan, settings: Mapping[str, str]) -> bool:
    folder = plan.report.with_suffix("") / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    proof = Proof(plan.minutes, plan.workspaces, plan.seed, folder)
    pause_seconds = 1 / plan.edits_per_second if plan.urls else 0.0
    async with _nodes(plan, settings, folder) as (urls, nodes):
        await proof.run(urls, nodes, plan.token, pause_seconds)
    text = page(proof.outcome())
    plan.report.write_text(text)
    print(text, f"saved as {plan.report}", sep="\n")  # noqa: T201 - what was asked for
    return not proof.findings


def prove(plan: Plan, settings: Mapping[str, str]) -> bool:
    """Whether everything held. `settings` are `NV_…` variables of the nodes to start. Raises Refused."""
    return trio.run(_prove, plan, settings, strict_exception_groups=True)
