"""The contract of how accounts end."""

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import trio
from msgspec.structs import replace

from nvserver.adapters.sql.account_removal import OWN
from nvserver.adapters.sqlite import open_sqlite
from nvserver.errors import Conflict, EmailTaken
from nvserver.ports.accounts import AuthSession, NewAccount
from nvserver.ports.api_tokens import ApiToken
from nvserver.ports.calendar import Feed
from nvserver.ports.identities import Identity
from nvserver.ports.invitations import ShareLink
from nvserver.ports.mail_tokens import MailToken
from nvserver.ports.note_links import NoteLink
from nvserver.ports.notifications import Channels
from nvserver.ports.search import SavedSearch
from nvserver.ports.store import Store
from tests.contract.test_accounts import new_account
from tests.contract.test_invitations import invitation
from tests.contract.test_notifications import notification
from tests.contract.test_webhooks import webhook
from tests.contract.values import new_id, new_workspace

NOW = 1_000_000
STAYS = {"ops", "members", "chat_messages"}
"""What a person wrote stays under the id; memberships end in their workspaces' turn."""


async def furnish(rng: random.Random, store: Store, new: NewAccount, workspace: str) -> Any:
    """Everything that a person has, and how it is asked for: nothing in it is empty."""
    user, note, secrets = new.id, new_id(rng), [rng.randbytes(32) for _ in range(9)]
    session = AuthSession(new_id(rng), user, "", "", NOW, NOW, NOW + 100)
    await store.accounts.create_session(session, secrets[0])
    await store.api_tokens.add(ApiToken(new_id(rng), user, "T", ("read",), NOW, NOW + 100), secrets[1], most=5)
    await store.identities.link(Identity("https://id.test", user, user, NOW))
    await store.second_factors.begin(user, b"sealed")
    await store.second_factors.confirm(user, b"sealed", 1, NOW, [rng.randbytes(32)])
    await store.mail_tokens.add(MailToken(secrets[2], user, "reset", new.email, NOW + 100), NOW)
    await store.notifications.add([replace(notification(rng, user), kind="workspace.added", read_at=None)])
    await store.notifications.set_preferences(user, {"announcement": Channels(in_app=True, email=False)})
    await store.search.save(SavedSearch(new_id(rng), user, "S", "q", "all", None, True, NOW), most=5)
    await store.calendar.put_feed(Feed(secrets[3], user, workspace, NOW))
    invited = replace(invitation(rng, workspace, f"{user}@x.test", NOW), inviter_id=user)
    await store.invitations.add(invited, secrets[4], most=5)
    await store.share_links.add(ShareLink(new_id(rng), workspace, "viewer", user, NOW), secrets[5], most=5)
    await store.note_links.add(NoteLink(new_id(rng), workspace, note, "read", user, NOW), secrets[6], most=5)
    hook = webhook(rng, workspace, creator_id=user)
    await store.webhooks.add(hook, most=5)

    async def look() -> list[Any]:
        return [
            await store.accounts.account(user),
            await store.accounts.credentials(new.email),
            await store.accounts.signed_in(session.id),
            list(await store.accounts.sessions_of(user, NOW)),
            await store.accounts.alive_sessions([session.id]),
            list(await store.api_tokens.of_user(user, NOW)),
            list(await store.identities.of_user(user)),
            await store.second_factors.of_user(user),
            await store.second_factors.recovery_codes_left(user),
            list((await store.notifications.notifications(user, is_unread_only=False, before=None, limit=5)).items),
            dict(await store.notifications.preferences(user)),
            list(await store.search.saved(user)),
            await store.calendar.feed(secrets[3]),
            await store.invitations.with_token(secrets[4], NOW),
            await store.share_links.with_token(secrets[5], NOW),
            await store.note_links.with_token(secrets[6], NOW),
            [one for one in await store.webhooks.of_workspace(workspace) if one.id == hook.id],
        ]

    return look, secrets[2]


async def test_who_goes_leaves_nothing_and_takes_nothing_of_others(store: Store, rng: random.Random) -> None:
    workspace, _ = await new_workspace(rng, store)
    people = [new_account(rng) for _ in range(3)]  # the first is an administrator
    accounts = [await store.accounts.create_account(new) for new in people]
    (look_ada, ada_token), (look_ben, ben_token) = [await furnish(rng, store, new, workspace) for new in people[1:]]
    ada_before = await look_ada()
    assert all(ada_before) and all(await look_ben())
    assert await store.account_removal.remove(people[2].id) == accounts[2]
    assert not any(await look_ben())
    assert await look_ada() == ada_before
    assert await store.mail_tokens.use(ben_token, "reset", NOW) is None
    assert await store.mail_tokens.use(ada_token, "reset", NOW) is not None
    assert await store.account_removal.remove(people[2].id) is None
    assert await store.account_removal.remove(new_id(rng)) is None
    # The address is free, and whoever has it then is somebody else.
    again = await store.accounts.create_account(new_account(rng, people[2].email))
    assert again.system_role == "user" and again.id != people[2].id
    with pytest.raises(EmailTaken):
        await store.accounts.create_account(new_account(rng, people[1].email))


async def test_of_all_administrators_who_go_at_once_one_stays(store: Store, rng: random.Random) -> None:
    admins = [await store.accounts.create_account(new_account(rng)) for _ in range(5)]
    user = await store.accounts.create_account(new_account(rng))
    for account in admins:
        await store.account_admin.set_role(account.id, "admin")
    assert not await store.account_removal.is_last_administrator(admins[0].id)
    stayed = []

    async def go(user_id: str) -> None:
        try:
            await store.account_removal.remove(user_id)
        except Conflict:
            stayed.append(user_id)

    async with trio.open_nursery() as nursery:
        for account in admins:
            nursery.start_soon(go, account.id)
    (last,) = stayed
    assert await store.accounts.account(last) is not None
    assert await store.account_removal.is_last_administrator(last)
    assert not await store.account_removal.is_last_administrator(user.id)
    with pytest.raises(Conflict):
        await store.account_removal.remove(last)
    # Another who is suspended does not count.
    await store.account_admin.set_role(user.id, "admin")
    await store.account_admin.set_suspended(user.id, 5)
    assert await store.account_removal.is_last_administrator(last)
    assert await store.account_removal.remove(user.id) is not None


async def test_the_last_administrator_loses_nothing_by_trying(store: Store, rng: random.Random) -> None:
    workspace, _ = await new_workspace(rng, store)
    new = new_account(rng)
    await store.accounts.create_account(new)
    look, _ = await furnish(rng, store, new, workspace)
    before = await look()
    with pytest.raises(Conflict):
        await store.account_removal.remove(new.id)
    assert await look() == before and all(before)


async def test_every_table_that_names_a_person_is_thought_of(tmp_path: Path) -> None:
    path = tmp_path / "notevault.sqlite3"
    async with open_sqlite(path):
        pass
    with sqlite3.connect(path) as database:
        named = {
            table
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for _, column, *_ in database.execute(f"PRAGMA table_info({table})").fetchall()
            if column in ("user_id", "creator_id", "inviter_id")
        }
    database.close()
    assert named == set(OWN) | STAYS
