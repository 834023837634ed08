"""A POST that is sent twice under one Idempotency-Key is done once."""

from uuid import uuid4

import pytest
import trio

from tests.edge.http.client import Client, Reply
from tests.edge.http.running import PASSWORD, Api

NEW = {"email": "ada@notes.test", "password": PASSWORD, "displayName": "Ada"}


async def post(client: Client, body: object, key: str = "k1", path: str = "/api/workspaces") -> Reply:
    return await client("POST", path, body, headers={"Idempotency-Key": key})


async def count(client: Client) -> int:
    return len((await client.get("/api/workspaces"))["items"])


async def test_a_repeat_gets_the_first_answer(api: Api) -> None:
    ada = await api.register("Ada")
    first, second = [await post(ada, {"name": "W"}) for _ in range(2)]
    assert (first.status, first.body) == (second.status, second.body)
    assert await count(ada) == 1
    assert (await post(ada, {"name": "W"}, key="k2")).json != first.json
    assert await count(ada) == 2


async def test_repeats_at_once_get_one_answer(api: Api) -> None:
    ada = await api.register("Ada")
    replies: list[Reply] = []

    async def send() -> None:
        replies.append(await post(ada, {"name": "W"}))

    async with trio.open_nursery() as nursery:
        for _ in range(20):
            nursery.start_soon(send)
    assert len({reply.body for reply in replies}) == 1
    assert await count(ada) == 1


async def test_another_body_under_the_same_key_is_refused(api: Api) -> None:
    ada = await api.register("Ada")
    await post(ada, {"name": "W"})
    reply = await post(ada, {"name": "X"})
    assert (reply.status, reply.code) == (409, "CONFLICT")
    assert await count(ada) == 1


async def test_a_key_is_its_owners_and_its_routes(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    first = await post(ada, {"name": "W"})
    assert (await post(bob, {"name": "W"})).json != first.json
    workspace = first.json["workspace"]["id"]
    assert (await post(ada, {"title": "T"}, path=f"/api/workspaces/{workspace}/notes")).status == 201


async def test_refusals_are_repeated_too_and_failures_are_tried_again(api: Api) -> None:
    ada = await api.register("Ada")
    await ada.post("/api/workspaces", {"name": "W"})
    members = f"/api/workspaces/{(await ada.get('/api/workspaces'))['items'][0]['id']}/members"
    body = {"userId": str(uuid4()), "role": "viewer"}
    refused = await post(ada, body, path=members)
    assert refused.code == "USER_NOT_FOUND"
    await api.register("Bob")
    assert (await post(ada, body, path=members)).body == refused.body
    create = api.store.oplog.create

    async def broken(*_: object) -> None:
        raise RuntimeError

    api.store.oplog.create = broken  # type: ignore[method-assign, assignment]
    assert (await post(ada, {"name": "V"})).status == 500
    api.store.oplog.create = create  # type: ignore[method-assign]
    assert (await post(ada, {"name": "V"})).status == 201


async def test_an_answer_is_kept_a_day(api: Api) -> None:
    ada = await api.register("Ada")
    first = await post(ada, {"name": "W"})
    login = {"email": NEW["email"], "password": PASSWORD, "delivery": "body"}
    api.clock.advance(86_400 - 60)
    later = Client(api.port, (await api.nobody.post("/api/auth/login", login))["accessToken"])
    assert (await post(later, {"name": "W"})).body == first.body
    api.clock.advance(61)
    assert (await post(later, {"name": "W"})).body != first.body


async def test_a_repeated_registration_gets_the_same_tokens_only_with_the_same_password(api: Api) -> None:
    path = "/api/auth/register"
    first = await post(api.nobody, NEW, path=path)
    assert (await post(api.nobody, NEW, path=path)).body == first.body
    other = await post(api.nobody, {**NEW, "password": "some other password"}, path=path)
    assert other.code == "EMAIL_TAKEN"


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_bad_key_is_refused(api: Api, key: str) -> None:
    ada = await api.register("Ada")
    assert (await post(ada, {"name": "W"}, key=key)).code == "VALIDATION_FAILED"
    assert await count(ada) == 0
