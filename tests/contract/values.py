"""Values for the contract tests; all chance comes from the generator given."""

import random
import uuid
from collections.abc import Sequence

from nvserver.core.changes import LoggedEntry
from nvserver.core.model import Member, WorkspaceInfo
from nvserver.ports.oplog import Activation, Append, AppendOutcome, IndexChange, MemberIndexed, WorkspaceIndexed
from nvserver.ports.store import Store

DURABLE, FENCED = AppendOutcome.DURABLE, AppendOutcome.FENCED


def new_id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128)))


def entry(
    rng: random.Random,
    seq: int,
    *,
    user_id: str | None = None,
    number: tuple[str, int] | None = None,
    note_id: str | None = None,
) -> LoggedEntry:
    """An entry with a body of random bytes (stores must not look into it)."""
    client_id, client_seq = number or (None, None)
    return LoggedEntry(
        seq,
        rng.randrange(2**45),
        user_id or new_id(rng),
        client_id,
        client_seq,
        rng.randbytes(16) if number else None,
        note_id,
        rng.randbytes(rng.randrange(1, 200)),
    )


def info(rng: random.Random, workspace_id: str, *, created_at: int | None = None) -> WorkspaceInfo:
    return WorkspaceInfo(
        workspace_id,
        name=rng.choice(["", "Plans", "Zoë's \U0001f680", "a\x00b", "x" * 200]),
        description="",
        icon=rng.choice([None, "rocket"]),
        color=None,
        privacy="private",
        owner_id=new_id(rng),
        created_at=rng.randrange(2**40) if created_at is None else created_at,
        updated_at=rng.randrange(2**40),
    )


async def new_workspace(
    rng: random.Random, store: Store, *, owner_id: str | None = None, created_at: int | None = None
) -> tuple[str, LoggedEntry]:
    """A workspace in the store, with its one first entry; `owner_id` is its member."""
    workspace_id, owner_id = new_id(rng), owner_id or new_id(rng)
    first = entry(rng, 1, user_id=owner_id)
    index: list[IndexChange] = [
        WorkspaceIndexed(info(rng, workspace_id, created_at=created_at)),
        MemberIndexed(Member(owner_id, "owner", first.at)),
    ]
    await store.oplog.create(workspace_id, [first], index)
    return workspace_id, first


def append_of(activation: Activation, entries: Sequence[LoggedEntry], *index: IndexChange) -> Append:
    return Append(activation.workspace_id, activation.epoch, tuple(entries), index)


async def append_one(rng: random.Random, store: Store, activation: Activation, *index: IndexChange) -> AppendOutcome:
    """Append a random entry at the activation's head + 1."""
    (outcome,) = await store.oplog.append([append_of(activation, [entry(rng, activation.head + 1)], *index)])
    return outcome
