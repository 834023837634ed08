"""A workspace with a past, written by two people, and what must be known of it, kept in the plainest way."""

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import trio

from nvserver.core.changes import Author
from nvserver.core.commands import AddMember, CreateNote, EditNote
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.principal import Principal
from nvserver.errors import Unavailable
from nvserver.ports.oplog import Snapshot
from nvserver.ports.store import Store
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.sim_node import at_once, sim_node
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.compaction import Compacted, CompactionSettings, Compactor, Reach
from nvserver.workspace.messages import Accepted, Submit
from nvserver.workspace.settings import WorkspaceSettings

SETTINGS = WorkspaceSettings(snapshot_entries=20, idle_seconds=60)
EAGER = CompactionSettings(keep_days=0, keep_entries=30, min_entries=1, slice_entries=7)
FAR_FUTURE_MS = 2**46
EDITS_A_TURN = 15


class Visitor:
    """A session that listens to nothing."""

    id = "session"

    def __init__(self, client_id: str, user_id: str) -> None:
        self.client_id = client_id
        self.principal = Principal(user_id, "Ada", None, "sign-in")

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Whatever it is told."""
        return lambda *_args, **_values: None


@dataclass(slots=True)
class Past:
    """`texts[seq]` is the note's text after the entry `seq`, `writers` who wrote each of its characters now."""

    workspace_id: str
    note_id: str
    owner: str
    guest: str
    client_id: str
    texts: dict[int, str]
    writers: list[str]
    authors: dict[int, str] = field(default_factory=dict)
    """By whom each edit was."""
    head: int = 0


async def live_past(store: Store, rng: random.Random, edits: int) -> Past:
    """As many edits of one note, every one numbered by one client of the owner's or made by the guest without."""

    def new_id() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128)))

    owner, guest, client, note_id = new_id(), new_id(), new_id(), new_id()
    service = WorkspaceService(store.oplog, lambda: 1_000, new_id)
    workspace_id = (await service.create(owner, "Past", "", None, None, "private")).info.id
    past = Past(workspace_id, note_id, owner, guest, client, {}, [])
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        await submit(node, past, Author(owner), AddMember(guest, "member"))
        past.head = await submit(node, past, Author(owner), CreateNote(note_id, "Note", "start"))
        past.texts[past.head] = "start"
        past.writers = [owner] * 5
        while edits:
            some = min(edits, EDITS_A_TURN)
            await go_on(node, past, rng, some)
            edits -= some
        await put_to_rest(node, store, past)
    return past


async def put_to_rest(node: Catalog, store: Store, past: Past) -> None:
    """Closed, and the snapshot saved that is made then."""
    await node.drain()
    with trio.fail_after(30):
        while [one.seq for one in await store.oplog.snapshots(past.workspace_id, limit=1)] != [past.head]:
            await trio.lowlevel.checkpoint()


async def go_on(node: Catalog, past: Past, rng: random.Random, edits: int) -> None:
    """More edits, in one turn of the actor."""
    ref = await node.find(past.workspace_id)
    replies: list[object] = []
    all_told = trio.Event()

    def on_reply(reply: object) -> None:
        replies.append(reply)
        if len(replies) == edits:
            all_told.set()

    seqs = range(past.head + 1, past.head + 1 + edits)
    for _ in seqs:
        ref.call_nowait(_next_edit(past, rng), on_reply)
    await all_told.wait()
    assert replies == [Accepted(seq) for seq in seqs]


def _next_edit(past: Past, rng: random.Random) -> Submit:
    text, base_seq = past.texts[past.head], past.head
    at = rng.randint(0, len(text))
    skip: tuple[int | str, ...] = (at,) if at else ()
    past.head += 1
    is_guest = rng.random() < 0.4
    who = past.guest if is_guest else past.owner
    author = Author(who) if is_guest else Author(who, past.client_id, past.head, b"h" * 16)
    if at < len(text) and rng.random() < 0.3:
        text = text[:at] + text[at + 1 :]
        del past.writers[at]
        op = (*skip, -1)
    else:
        word = rng.choice(("a", "bc", "\U0001f680 "))
        text = text[:at] + word + text[at:]
        past.writers[at:at] = [who] * len(word)
        op = (*skip, word)
    past.texts[past.head] = text
    past.authors[past.head] = who
    return Submit(author, EditNote(past.note_id, base_seq, op))


async def submit(node: Catalog, past: Past, author: Author, command: AddMember | CreateNote | EditNote) -> int:
    accepted = await node.call(past.workspace_id, Submit(author, command))
    assert isinstance(accepted, Accepted)
    return accepted.seq


async def nobody(_workspace_id: str) -> None:
    """Holds nothing back."""


async def unknown(_workspace_id: str) -> int:
    raise Unavailable


def compactor(
    store: Store, settings: CompactionSettings = EAGER, *reaches: Reach, now_ms: int = FAR_FUTURE_MS
) -> Compactor:
    return Compactor(
        store.oplog,
        store.compaction,
        reaches or (nobody,),
        at_once,
        lambda: now_ms,
        settings,
        WorkspaceLimits(),
        rest=0,
    )


async def compact(
    store: Store, settings: CompactionSettings = EAGER, *reaches: Reach, now_ms: int = FAR_FUTURE_MS
) -> Sequence[Compacted]:
    """A whole round; what it did."""
    done: list[Compacted] = []
    await compactor(store, settings, *reaches, now_ms=now_ms).compact_all(lambda _, one: done.append(one))
    return done


def damaged(snapshot: Snapshot, rng: random.Random) -> Snapshot:
    """One bit is another."""
    place = rng.randrange(len(snapshot.body))
    body = bytearray(snapshot.body)
    body[place] ^= 1 << rng.randrange(8)
    return Snapshot(snapshot.workspace_id, snapshot.seq, snapshot.checksum, bytes(body))
