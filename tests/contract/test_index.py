"""The workspace index commits together with the entries, and answers from what they left."""

import random

import pytest

from nvserver.core.model import Member, WorkspaceInfo
from nvserver.ports.oplog import (
    Activation,
    IndexChange,
    MemberDropped,
    MemberIndexed,
    NoteIndexed,
    OwnedWorkspace,
    WorkspaceDropped,
    WorkspaceIndexed,
    WorkspaceListing,
)
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_of, append_one, entry, info, new_id, new_workspace


async def test_any_index_changes_leave_what_doing_them_in_order_leaves(store: Store, rng: random.Random) -> None:
    users, notes = [new_id(rng) for _ in range(4)], [new_id(rng) for _ in range(6)]
    infos: dict[str, WorkspaceInfo] = {}
    roles: dict[tuple[str, str], str] = {}
    owners_of_notes: dict[str, str] = {}
    activations: dict[str, Activation] = {}
    for _ in range(3):
        workspace_id, _ = await new_workspace(rng, store, owner_id=users[0])
        activations[workspace_id] = await store.oplog.activate(workspace_id, "node-a")
        (infos[workspace_id],) = [
            listing.info
            for listing in await store.index.workspaces_of(users[0], after=None, limit=100)
            if listing.info.id == workspace_id
        ]
        roles[workspace_id, users[0]] = "owner"
    dropped: set[str] = set()
    seen_owned = 0

    def random_change(workspace_id: str) -> IndexChange:
        user = rng.choice(users)
        kind = rng.randrange(8)
        if kind <= 2:
            role = rng.choice(["viewer", "member", "admin"])
            roles[workspace_id, user] = role
            return MemberIndexed(Member(user, role, rng.randrange(2**40)))
        if kind <= 4:
            roles.pop((workspace_id, user), None)
            return MemberDropped(user)
        if kind <= 6:
            note = rng.choice(notes)
            owners_of_notes.setdefault(note, workspace_id)
            return NoteIndexed(note)
        infos[workspace_id] = info(rng, workspace_id)
        return WorkspaceIndexed(infos[workspace_id])

    for step in range(40):
        batch = []
        for workspace_id in rng.sample(sorted(activations), rng.randrange(1, 4)):
            if workspace_id in dropped:
                continue
            changes = [random_change(workspace_id) for _ in range(rng.randrange(6))]
            if step > 25 and len(dropped) < 2:
                dropped.add(workspace_id)
                del infos[workspace_id]
                for key in [key for key in roles if key[0] == workspace_id]:
                    del roles[key]
                changes.append(WorkspaceDropped())
            activation = activations[workspace_id]
            batch.append(append_of(activation, [entry(rng, activation.head + 1)], *changes))
            activations[workspace_id] = Activation(workspace_id, activation.epoch, activation.head + 1)
        assert set(await store.oplog.append(batch)) <= {DURABLE}
        for user in users:
            for workspace_id in activations:
                assert await store.index.role_of(workspace_id, user) == roles.get((workspace_id, user))
            expected = [
                WorkspaceListing(infos[workspace_id], role, activations[workspace_id].head)
                for (workspace_id, of_user), role in roles.items()
                if of_user == user
            ]
            found = await store.index.workspaces_of(user, after=None, limit=100)
            assert sorted(found, key=lambda listing: listing.info.id) == sorted(
                expected, key=lambda listing: listing.info.id
            )
            owned = [
                OwnedWorkspace(infos[workspace_id], sum(key[0] == workspace_id for key in roles) - 1)
                for (workspace_id, of_user), role in roles.items()
                if (of_user, role) == (user, "owner")
            ]
            expected_owned = sorted(owned, key=lambda one: (one.info.created_at, one.info.id))
            assert list(await store.index.owned_by(user)) == expected_owned
            seen_owned += len(owned)
    for note in notes:
        assert await store.index.workspace_of_note(note) == owners_of_notes.get(note)
    assert owners_of_notes
    assert len(dropped) == 2
    assert seen_owned > 0


async def test_a_fenced_append_leaves_the_index_alone(store: Store, rng: random.Random) -> None:
    owner, guest, note = new_id(rng), new_id(rng), new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    older = await store.oplog.activate(workspace_id, "node-a")
    await store.oplog.activate(workspace_id, "node-b")
    before = await store.index.workspaces_of(owner, after=None, limit=10)
    changes: list[tuple[IndexChange, ...]] = [
        (MemberIndexed(Member(guest, "admin", 1)), NoteIndexed(note), WorkspaceIndexed(info(rng, workspace_id))),
        (MemberDropped(owner),),
        (WorkspaceDropped(),),
    ]
    for some in changes:
        assert await append_one(rng, store, older, *some) is FENCED
    assert await store.index.workspaces_of(owner, after=None, limit=10) == before
    assert await store.index.role_of(workspace_id, guest) is None
    assert await store.index.workspace_of_note(note) is None


async def test_a_dropped_workspace_keeps_its_log(store: Store, rng: random.Random) -> None:
    owner, note = new_id(rng), new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    activation = await store.oplog.activate(workspace_id, "node-a")
    assert await append_one(rng, store, activation, NoteIndexed(note), WorkspaceDropped()) is DURABLE
    assert list(await store.index.workspaces_of(owner, after=None, limit=10)) == []
    assert await store.index.role_of(workspace_id, owner) is None
    assert await store.index.workspace_of_note(note) == workspace_id
    assert len(await store.oplog.read(workspace_id, 0)) == 2
    assert await store.oplog.activate(workspace_id, "node-a") == Activation(workspace_id, 2, 2)


async def test_nothing_follows_after_a_workspace_was_dropped(store: Store, rng: random.Random) -> None:
    workspace_id, _ = await new_workspace(rng, store)
    activation = await store.oplog.activate(workspace_id, "node-a")
    with pytest.raises(ValueError, match="nothing follows"):
        await append_one(rng, store, activation, WorkspaceDropped(), MemberDropped(new_id(rng)))
    assert len(await store.oplog.read(workspace_id, 0)) == 1


async def test_a_note_stays_with_the_workspace_that_indexed_it_first(store: Store, rng: random.Random) -> None:
    note = new_id(rng)
    ids = [(await new_workspace(rng, store))[0] for _ in range(2)]
    for workspace_id in ids:
        activation = await store.oplog.activate(workspace_id, "node-a")
        assert await append_one(rng, store, activation, NoteIndexed(note)) is DURABLE
    assert await store.index.workspace_of_note(note) == ids[0]
    assert await store.index.workspace_of_note(new_id(rng)) is None


@pytest.mark.parametrize("page", [1, 3, 7, 50])
async def test_pages_follow_one_another_without_hole_or_repeat(store: Store, rng: random.Random, page: int) -> None:
    person, other = new_id(rng), new_id(rng)
    created = []
    for _ in range(13):
        # Few different times: the id has to decide.
        created_at = rng.randrange(4)
        workspace_id, _ = await new_workspace(rng, store, owner_id=person, created_at=created_at)
        created.append((created_at, workspace_id))
        await new_workspace(rng, store, owner_id=other, created_at=created_at)
    seen: list[tuple[int, str]] = []
    while listings := await store.index.workspaces_of(person, after=seen[-1] if seen else None, limit=page):
        assert len(listings) <= page
        seen.extend((listing.info.created_at, listing.info.id) for listing in listings)
        assert all((listing.role, listing.seq) == ("owner", 1) for listing in listings)
    assert seen == sorted(created, reverse=True)
