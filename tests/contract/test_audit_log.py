"""The audit log's contract."""

import random

from nvserver.ports.audit_log import Act, ActQuery
from nvserver.ports.store import Store
from tests.contract.values import new_id


def act(rng: random.Random, at: int, actor_id: str | None, action: str) -> Act:
    return Act(new_id(rng), at, actor_id, action, rng.choice(["OK", "FORBIDDEN"]), "192.0.2.1", (("role", "Zoë \x00"),))


async def test_acts_are_found_newest_first_page_by_page(store: Store, rng: random.Random) -> None:
    ada = new_id(rng)
    made = [act(rng, at // 3, rng.choice([ada, None]), rng.choice(["auth.login", "member.add"])) for at in range(40)]
    for one in rng.sample(made, len(made)):
        await store.audit_log.add(one, keep_from=0)
    newest_first = sorted(made, key=lambda one: (one.at, one.id), reverse=True)
    for actor_id in (None, ada):
        for action in (None, "member.add"):
            fits = [one for one in newest_first if actor_id in (None, one.actor_id) and action in (None, one.action)]
            seen: list[Act] = []
            while page := await store.audit_log.acts(
                ActQuery(actor_id, action, (seen[-1].at, seen[-1].id) if seen else None, limit=7)
            ):
                seen += page
            assert seen == fits


async def test_old_acts_go_when_new_ones_come(store: Store, rng: random.Random) -> None:
    made = [act(rng, at, None, "x") for at in range(10)]
    for one in made:
        await store.audit_log.add(one, keep_from=0)
    last = act(rng, 20, None, "x")
    await store.audit_log.add(last, keep_from=5)
    assert list(await store.audit_log.acts(ActQuery())) == [last, *reversed(made[5:])]
