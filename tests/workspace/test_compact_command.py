"""`nvserver compact`, and what the other commands say of a log that begins later."""

import json
import random
from pathlib import Path

from nvserver.ports.store import Store
from tests.faults.conftest import real_store as real_store
from tests.faults.stores import RealStore
from tests.test_cli import nvserver
from tests.workspace.pasts import Past, live_past


async def indexed_past(store: Store, rng: random.Random) -> Past:
    past = await live_past(store, rng, 60)
    await store.search.store(past.workspace_id, past.head, [])
    return past


async def test_logs_are_shortened_by_command(real_store: RealStore, rng: random.Random) -> None:
    async with real_store.open() as store:
        past, other = await indexed_past(store, rng), await indexed_past(store, rng)

    def run(*arguments: str) -> tuple[int, str, str]:
        done = nvserver(*arguments, "--data-dir", str(real_store.data_dir), **real_store.variables)
        return done.returncode, done.stdout, done.stderr

    keep = ("--keep-days", "0", "--keep-entries", "30")
    horizon = past.head - 30
    assert run("compact") == (0, "", ""), "what the settings say is kept"
    done = f"{past.workspace_id}: {horizon} entries replaced, its log begins after entry {horizon}\n"
    nothing = f"{past.workspace_id}: nothing to do, its log begins after entry {horizon}\n"
    assert run("compact", "--workspace", past.workspace_id, *keep)[:2] == (0, done)
    assert run("compact", "--workspace", past.workspace_id, *keep) == (0, nothing, "")
    code, out, _ = run("compact", *keep)
    assert (code, out.count("entries replaced")) == (0, 1)
    assert out.startswith(other.workspace_id)
    code, out, _ = run("verify")
    assert code == 0
    assert out.endswith("nothing is wrong\n")
    for seq in (horizon, past.head):
        code, out, _ = run("replay", past.workspace_id, "--to", str(seq), "--note", past.note_id)
        assert json.loads(out)["content"] == past.texts[seq]
    code, out, err = run("replay", past.workspace_id, "--to", str(horizon - 1))
    assert (code, out) == (3, "")
    assert err == f"nvserver: the log of the workspace begins after entry {horizon}: what was before is not kept\n"


def test_mistakes_are_told_in_a_sentence(tmp_path: Path) -> None:
    assert nvserver("compact", "--data-dir", str(tmp_path)).returncode == 3
    made = nvserver("migrate", "--data-dir", str(tmp_path))
    assert made.returncode == 0
    for arguments in (("--workspace", "x"), ("--workspace", "0" * 36), ("--keep-days", "-1")):
        done = nvserver("compact", "--data-dir", str(tmp_path), *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
        assert done.stderr.startswith("nvserver: ")
