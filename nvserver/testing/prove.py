"""The shipped proof: nodes are killed, hung, cut off and handed workspaces while people write, then all is checked.

    python -m nvserver.testing.prove --minutes 5                      # three nodes on NV_DATABASE_URL and NV_REDIS_URL
    python -m nvserver.testing.prove --minutes 5 --url https://a --url https://b      # your own cluster: you break it

`make prove` brings a PostgreSQL and a Redis of its own. The page it saves says what was done, what was seen, and how
long acknowledgements took, second by second. What the writers were told is kept beside it, for `nvserver verify`.
"""

import argparse
import os
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from nvserver.core.client_history import Injected
from nvserver.testing.history import HistoryFile
from nvserver.testing.prove_nodes import Node, running_nodes
from nvserver.testing.prove_page import Proven, page
from nvserver.testing.prove_times import Fault, Timings
from nvserver.testing.prove_writers import Refused, Writer, found_writers, text_at_rest

_FAULTS = ("kill", "pause", "cut off", "move", "drain")
_REST_SECONDS = 120.0


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

    async def run(self, urls: list[str], nodes: list[Node], token: str | None, pause_seconds: float) -> None:
        """Write through `urls` while `nodes` (none for a foreign cluster) are broken, then check. Raises Refused."""

        def found() -> list[Writer]:
            return found_writers(
                *(urls, self.workspaces, self.folder, self._chance, self.timings),
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
                nursery.start_soon(writer.client.run, lambda: self._is_over)
            nursery.start_soon(self._show)
            with trio.move_on_after(self.seconds):
                if nodes:
                    await self._break(nodes)
                await trio.sleep_forever()
            self._is_over = True

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
async def _nodes(arguments: argparse.Namespace, folder: Path) -> AsyncIterator[tuple[list[str], list[Node]]]:
    if arguments.url:
        print("Writing through your nodes. Break them now: kill, stop, cut off and move what you like.")  # noqa: T201
        yield [url.rstrip("/") for url in arguments.url], []
        return
    missing = [name for name in ("NV_DATABASE_URL", "NV_REDIS_URL") if name not in os.environ]
    if missing:
        raise Refused(f"set {' and '.join(missing)}, or name your own cluster with --url, or use `make prove`")
    settings = {
        "NV_DATABASE_URL": os.environ["NV_DATABASE_URL"],
        "NV_REDIS_URL": os.environ["NV_REDIS_URL"],
        "NV_SECRET_KEY": os.environ.get("NV_SECRET_KEY") or secrets.token_hex(32),
        "NV_RATE_LIMITS": "off",
        "NV_LOG__FORMAT": "json",
    }
    await trio.run_process([sys.executable, "-m", "nvserver", "migrate"], env={**os.environ, **settings})
    async with running_nodes(arguments.nodes, settings, folder, arguments.seed) as nodes:
        yield [node.url for node in nodes], nodes


async def _main(arguments: argparse.Namespace) -> int:
    folder = arguments.report.with_suffix("") / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    proof = Proof(arguments.minutes, arguments.workspaces, arguments.seed, folder)
    pause_seconds = 1 / arguments.edits_per_second if arguments.url else 0.0
    async with _nodes(arguments, folder) as (urls, nodes):
        await proof.run(urls, nodes, arguments.token, pause_seconds)
    text = page(proof.outcome())
    arguments.report.write_text(text)
    print(text, f"saved as {arguments.report}", sep="\n")  # noqa: T201 - what was asked for
    return 1 if proof.findings else 0


def main() -> int:
    """The command line; the exit code is 1 when a promise was broken, 2 when the proof could not begin."""
    parser = argparse.ArgumentParser(prog="prove", description="Break a cluster while people write, and check it.")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--nodes", type=int, default=3, help="nodes to start (3)")
    parser.add_argument("--workspaces", type=int, default=3)
    parser.add_argument("--url", action="append", help="an address of your own cluster; may be given several times")
    parser.add_argument(
        "--token",
        default=os.environ.get("NV_PROVE_TOKEN"),
        help="an API token to write with (or NV_PROVE_TOKEN); without one the proof registers somebody",
    )
    parser.add_argument(
        "--edits-per-second", type=float, default=10.0, help="of each writer on your own cluster (10): limits are kept"
    )
    parser.add_argument("--report", type=Path, default=Path("proof.md"), help="where the page goes (proof.md)")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    try:
        return trio.run(_main, parser.parse_args(), strict_exception_groups=True)
    except Refused as error:
        print(f"prove: {error}", file=sys.stderr)  # noqa: T201
        return 2


if __name__ == "__main__":
    sys.exit(main())
