"""The shipped proof: nodes are killed, hung, cut off and handed workspaces while people write, then all is checked.

    python -m nvserver.testing.prove --minutes 5                      # three nodes on NV_DATABASE_URL and NV_REDIS_URL
    python -m nvserver.testing.prove --minutes 5 --url https://a --url https://b      # your own cluster: you break it

`make prove` brings a PostgreSQL and a Redis of its own. The page it saves says what was done, what was seen, and how
long acknowledgements took, second by second.
"""

import argparse
import os
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from nvserver.core.client_history import Injected
from nvserver.testing.history import HistoryFile
from nvserver.testing.prove_nodes import Node, running_nodes
from nvserver.testing.prove_writers import Timings, Writer, found_writers, text_at_rest

_FAULTS = ("kill", "pause", "cut off", "move", "drain")
_BARS = " ▁▂▃▄▅▆▇█"
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
        self.verified = "not asked: only a proof on nodes of its own can look into their store"
        self.timings = Timings(0.0)
        self.writers: list[Writer] = []
        self._chance = random.Random(seed)  # noqa: S311 - chance of a test
        self._is_over = False

    async def run(self, urls: list[str], nodes: list[Node]) -> None:
        """Write through `urls` while `nodes` (none for a foreign cluster) are broken, then check."""
        self.timings.began = trio.current_time()
        self.writers = await trio.to_thread.run_sync(
            found_writers, urls, self.workspaces, self.folder, self._chance, self.timings
        )
        async with trio.open_nursery() as nursery:
            for writer in self.writers:
                nursery.start_soon(writer.client.run, lambda: self._is_over)
            nursery.start_soon(self._show)
            with trio.move_on_after(self.seconds):
                if nodes:
                    await self._break(nodes)
                await trio.sleep_forever()
            self._is_over = True
        with trio.move_on_after(_REST_SECONDS) as rest:
            await self._check_copies(urls)
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

    async def _break(self, nodes: list[Node]) -> None:
        while True:
            await trio.sleep(self._chance.uniform(2, 6))
            fault, node = self._chance.choice(_FAULTS), self._chance.choice(nodes)
            self._tell(f"{fault} {node.name}")
            with trio.CancelScope(shield=True):
                await self._do(fault, node, nodes)
            self.faults[fault] += 1

    async def _do(self, fault: str, node: Node, nodes: list[Node]) -> None:
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
                await node.move(workspace_id, self._chance.choice(nodes).name)

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

    async def _show(self) -> None:
        while not self._is_over:
            await trio.sleep(1)
            recent = self.timings.by_second.get(int(trio.current_time() - self.timings.began) - 1, [])
            slowest = f", slowest {max(recent):6.0f} ms" if recent else ""
            self._tell(f"{len(recent):5} acknowledged{slowest}")

    def _tell(self, text: str) -> None:
        print(f"{trio.current_time() - self.timings.began:6.0f} s  {text}", flush=True)  # noqa: T201 - the live view

    def page(self) -> str:
        """The report, in Markdown."""
        times = self.timings.all
        acknowledged = sum(len(writer.client.acknowledged) for writer in self.writers)
        points = [f"p{share}: {times[min(len(times) - 1, len(times) * share // 100)]:.1f} ms" for share in (50, 90, 99)]
        verdict = "**Everything that was promised held.**" if not self.findings else "**Promises were broken:**"
        return "\n".join(
            [
                "# Proof of a cluster",
                "",
                verdict,
                *(f"- {finding}" for finding in self.findings),
                "",
                f"{time.strftime('%Y-%m-%d %H:%M')}, {self.seconds:.0f} s, seed {self.seed},"
                f" {self.workspaces} workspaces, {len(self.writers)} writers.",
                "",
                "| what | count |",
                "|---|---|",
                *(f"| {fault} | {count} |" for fault, count in sorted(self.faults.items())),
                f"| edits acknowledged | {acknowledged} |",
                f"| connections lost and made again | {sum(w.client.losses for w in self.writers)} |",
                f"| edits that a client sent again | {sum(w.client.resends for w in self.writers)} |",
                f"| answered as duplicates | {sum(w.client.duplicates for w in self.writers)} |",
                "",
                f"From an edit to its acknowledgement: {', '.join(points)}, slowest {times[-1]:.0f} ms."
                if times
                else "",
                "",
                "The slowest of each second, a line a minute (█ is 5 s and more):",
                "",
                "```",
                *self._curve(),
                "```",
                "",
                "What `nvserver verify` says of the log, the snapshots and what the writers were told:",
                "",
                "```",
                self.verified.strip(),
                "```",
                "",
            ]
        )

    def _curve(self) -> list[str]:
        by_second = self.timings.by_second
        slowest = [max(by_second.get(second, [5_000])) for second in range(max(by_second, default=0) + 1)]
        signs = "".join(_BARS[min(8, 1 + int(value / 5_000 * 7))] for value in slowest)
        return [signs[start : start + 60] for start in range(0, len(signs), 60)]


@asynccontextmanager
async def _nodes(arguments: argparse.Namespace, folder: Path) -> AsyncIterator[tuple[list[str], list[Node]]]:
    if arguments.url:
        yield arguments.url, []
        return
    missing = [name for name in ("NV_DATABASE_URL", "NV_REDIS_URL") if name not in os.environ]
    if missing:
        sys.exit(f"prove: set {' and '.join(missing)}, or name your own cluster with --url, or use `make prove`")
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
    with tempfile.TemporaryDirectory(prefix="notevault-proof-") as name:
        folder = Path(name)
        proof = Proof(arguments.minutes, arguments.workspaces, arguments.seed, folder)
        async with _nodes(arguments, folder) as (urls, nodes):
            await proof.run(urls, nodes)
    page = proof.page()
    arguments.report.write_text(page)
    print(page, f"saved as {arguments.report}", sep="\n")  # noqa: T201 - what was asked for
    return 1 if proof.findings else 0


def main() -> int:
    """The command line; the exit code is 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="prove", description="Break a cluster while people write, and check it.")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--nodes", type=int, default=3, help="nodes to start (3)")
    parser.add_argument("--workspaces", type=int, default=3)
    parser.add_argument("--url", action="append", help="an address of your own cluster; may be given several times")
    parser.add_argument("--report", type=Path, default=Path("proof.md"), help="where the page goes (proof.md)")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    return trio.run(_main, parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
