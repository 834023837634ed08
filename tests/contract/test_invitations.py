"""The contract of invitations, share links and links to notes."""

import random
from typing import Any

import trio
from msgspec.structs import replace

from nvserver.ports.invitations import Invitation, ShareLink
from nvserver.ports.note_links import NoteLink
from nvserver.ports.store import Store
from tests.contract.values import new_id, new_workspace

NOW = 1_000_000


def invitation(rng: random.Random, workspace_id: str, email: str, at: int = NOW) -> Invitation:
    return Invitation(new_id(rng), workspace_id, email, "member", new_id(rng), at, at + 1000)


async def test_an_invitation_is_found_by_token_workspace_and_address(store: Store, rng: random.Random) -> None:
    (here, _), (there, _) = await new_workspace(rng, store), await new_workspace(rng, store)
    made = [
        (invitation(rng, workspace, email, NOW + step), rng.randbytes(32))
        for step, (workspace, email) in enumerate([(here, "a@x.test"), (here, "b@x.test"), (there, "a@x.test")])
    ]
    for one, token_hash in made:
        assert await store.invitations.add(one, token_hash, most=5)
    first, second, third = [one for one, _ in made]
    assert await store.invitations.of_workspace(here, NOW) == [first, second]
    assert await store.invitations.of_email("a@x.test", NOW) == [first, third]
    assert await store.invitations.with_token(made[1][1], NOW) == second
    assert await store.invitations.with_token(rng.randbytes(32), NOW) is None
    # At its end it is nothing any more.
    assert await store.invitations.with_token(made[0][1], first.expires_at) is None
    assert await store.invitations.of_email("a@x.test", first.expires_at) == [third]
    assert await store.invitations.of_workspace(here, second.expires_at) == []


async def test_another_invitation_of_the_same_address_takes_its_place(store: Store, rng: random.Random) -> None:
    here, _ = await new_workspace(rng, store)
    first, second = invitation(rng, here, "a@x.test"), invitation(rng, here, "a@x.test", NOW + 1)
    old, new = rng.randbytes(32), rng.randbytes(32)
    assert await store.invitations.add(first, old, most=1)
    assert await store.invitations.add(second, new, most=1)
    assert await store.invitations.of_workspace(here, NOW) == [second]
    assert await store.invitations.with_token(old, NOW) is None
    assert await store.invitations.with_token(new, NOW) == second


async def test_an_invitation_is_renewed_and_removed_in_its_workspace_only(store: Store, rng: random.Random) -> None:
    (here, _), (there, _) = await new_workspace(rng, store), await new_workspace(rng, store)
    one, old, new = invitation(rng, here, "a@x.test"), rng.randbytes(32), rng.randbytes(32)
    await store.invitations.add(one, old, most=5)
    assert await store.invitations.renew(there, one.id, new, NOW + 5000) is None
    renewed = replace(one, expires_at=NOW + 5000)
    assert await store.invitations.renew(here, one.id, new, NOW + 5000) == renewed
    assert await store.invitations.with_token(old, NOW) is None
    assert await store.invitations.with_token(new, NOW + 4000) == renewed
    assert not await store.invitations.remove(there, one.id)
    assert await store.invitations.remove(here, one.id)
    assert not await store.invitations.remove(here, one.id)
    assert await store.invitations.with_token(new, NOW) is None


async def test_there_are_no_more_invitations_than_allowed(store: Store, rng: random.Random) -> None:
    here, _ = await new_workspace(rng, store)
    kept: list[bool] = []

    async def add(number: int) -> None:
        kept.append(await store.invitations.add(invitation(rng, here, f"{number}@x.test"), rng.randbytes(32), most=3))

    async with trio.open_nursery() as nursery:
        for number in range(8):
            nursery.start_soon(add, number)
    assert sum(kept) == len(await store.invitations.of_workspace(here, NOW)) == 3
    late = invitation(rng, here, "late@x.test", NOW + 1000)  # the others are over
    assert await store.invitations.add(late, rng.randbytes(32), most=1)


def share_link(rng: random.Random, workspace_id: str, **fields: Any) -> ShareLink:
    return ShareLink(new_id(rng), workspace_id, "viewer", new_id(rng), NOW, **fields)


async def test_a_share_link_is_used_as_often_as_it_may(store: Store, rng: random.Random) -> None:
    here, _ = await new_workspace(rng, store)
    link, token = share_link(rng, here, max_uses=3), rng.randbytes(32)
    assert await store.share_links.add(link, token, most=5)
    assert await store.share_links.with_token(token, NOW) == link
    used: list[bool] = []

    async def use() -> None:
        used.append(await store.share_links.use(link.id, NOW))

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(use)
    assert sum(used) == 3
    assert await store.share_links.with_token(token, NOW) is None
    assert await store.share_links.of_workspace(here, NOW) == [replace(link, uses=3)]
    await store.share_links.give_back(link.id)
    assert await store.share_links.with_token(token, NOW) == replace(link, uses=2)
    assert await store.share_links.use(link.id, NOW)
    assert not await store.share_links.use(new_id(rng), NOW)


async def test_a_share_link_ends_and_is_removed_in_its_workspace_only(store: Store, rng: random.Random) -> None:
    (here, _), (there, _) = await new_workspace(rng, store), await new_workspace(rng, store)
    short, endless = share_link(rng, here, expires_at=NOW + 10), share_link(rng, here)
    tokens = [rng.randbytes(32), rng.randbytes(32)]
    for link, token in zip((short, endless), tokens, strict=True):
        assert await store.share_links.add(link, token, most=2)
    assert not await store.share_links.add(share_link(rng, here), rng.randbytes(32), most=2)
    for at, found in ((NOW + 9, short), (NOW + 10, None)):
        assert await store.share_links.with_token(tokens[0], at) == found
    assert not await store.share_links.use(short.id, NOW + 10)
    assert await store.share_links.of_workspace(here, NOW + 10) == [endless]
    assert await store.share_links.use(endless.id, 2**50)
    assert not await store.share_links.remove(there, endless.id)
    assert await store.share_links.remove(here, endless.id)
    assert await store.share_links.with_token(tokens[1], NOW) is None
    # What is over makes room.
    assert await store.share_links.add(replace(share_link(rng, here), created_at=NOW + 10), rng.randbytes(32), most=1)


async def test_links_of_a_note_are_kept_and_end(store: Store, rng: random.Random) -> None:
    note, other = new_id(rng), new_id(rng)
    links = [
        NoteLink(new_id(rng), new_id(rng), note, "read", new_id(rng), NOW, NOW + 10, "hash"),
        NoteLink(new_id(rng), new_id(rng), note, "edit", new_id(rng), NOW + 1),
    ]
    tokens = [rng.randbytes(32), rng.randbytes(32)]
    for link, token in zip(links, tokens, strict=True):
        assert await store.note_links.add(link, token, most=2)
    assert not await store.note_links.add(replace(links[1], id=new_id(rng)), rng.randbytes(32), most=2)
    assert await store.note_links.of_note(note, NOW) == links
    assert await store.note_links.of_note(other, NOW) == []
    assert await store.note_links.with_token(tokens[0], NOW + 9) == links[0]
    assert await store.note_links.with_token(tokens[0], NOW + 10) is None
    assert await store.note_links.with_token(tokens[1], 2**50) == links[1]
    assert not await store.note_links.remove(other, links[1].id)
    assert await store.note_links.remove(note, links[1].id)
    assert not await store.note_links.remove(note, links[1].id)
    assert await store.note_links.with_token(tokens[1], NOW) is None
