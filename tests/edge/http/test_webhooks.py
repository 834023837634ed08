"""Webhooks, from the API to a real receiver."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import trio

from nvserver.services.webhook_sender import WebhookSettings
from tests.edge.http.client import Client
from tests.edge.http.running import Api, ApiOptions, open_api
from tests.edge.http.test_workspaces import make
from tests.support.web_receiver import Received, WebReceiver, running_web_receiver

QUICK = WebhookSettings(tries=3, retry_seconds=0.05, max_failures=2, look_seconds=0.1)


@pytest.fixture
async def receiver() -> AsyncIterator[WebReceiver]:
    async with running_web_receiver() as running:
        yield running


@pytest.fixture
async def hooked_api() -> AsyncIterator[Api]:
    async with open_api(ApiOptions(webhooks=QUICK)) as api:
        yield api


async def hook(person: Client, workspace: str, url: str, *kinds: str) -> dict[str, Any]:
    body = {"url": url, "kinds": list(kinds)}
    made: dict[str, Any] = (await person.post(f"/api/workspaces/{workspace}/webhooks", body))["webhook"]
    return made


async def log_of(person: Client, webhook: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """The webhook's log once it has so many deliveries."""
    path = f"/api/workspaces/{webhook['workspaceId']}/webhooks/{webhook['id']}/deliveries"
    with trio.fail_after(20):
        while True:
            items: list[dict[str, Any]] = (await person.get(path))["items"]
            if len(items) >= count:
                return items


async def add_note(person: Client, workspace: str, title: str) -> str:
    made = await person.post(f"/api/workspaces/{workspace}/notes", {"title": title})
    return str(made["note"]["id"])


def opened(request: Received, secret: str) -> Any:
    """The delivery, if its signature is right."""
    fields = dict(part.split("=", 1) for part in request.headers["x-notevault-signature"].split(","))
    signed = fields["t"].encode() + b"." + request.body
    assert fields["v1"] == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return json.loads(request.body)


async def test_what_happens_is_told_signed_and_in_order(hooked_api: Api, receiver: WebReceiver) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    await add_note(ada, workspace, "before")
    webhook = await hook(ada, workspace, receiver.url)
    titles = [f"N{number}" for number in range(3)]
    notes = [await add_note(ada, workspace, title) for title in titles]
    await ada.put(f"/api/notes/{notes[0]}", {"content": "secret words"})
    events: list[Any] = []
    while len(events) < 4:
        request = await receiver.received()
        assert (request.method, request.target) == ("POST", "/hook?x=1")
        delivery = opened(request, webhook["secret"])
        assert (delivery["webhookId"], delivery["workspaceId"]) == (webhook["id"], workspace)
        events += delivery["events"]
    assert [event["kind"] for event in events] == ["note.created"] * 3 + ["note.edited"]
    assert [event["note"]["title"] for event in events[:3]] == titles
    assert set(events[3]) == {"seq", "kind", "userId", "at", "noteId"}  # the text is not told
    log = await log_of(ada, webhook, 1)
    assert {(item["status"], item["attempt"], item["error"]) for item in log} == {(200, 1, None)}
    listed = (await ada.get(f"/api/workspaces/{workspace}/webhooks"))["items"][0]
    assert "secret" not in listed


async def test_only_the_kinds_that_are_wanted_are_told(hooked_api: Api, receiver: WebReceiver) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    webhook = await hook(ada, workspace, receiver.url, "note.deleted")
    note = await add_note(ada, workspace, "T")
    assert (await ada("DELETE", f"/api/notes/{note}")).status == 204
    (event,) = opened(await receiver.received(), webhook["secret"])["events"]
    assert (event["kind"], event["noteId"]) == ("note.deleted", note)


async def test_a_receiver_that_fails_is_told_again_and_nothing_is_lost(hooked_api: Api, receiver: WebReceiver) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    webhook = await hook(ada, workspace, receiver.url)
    receiver.answers = [500, 307]  # a redirect is no delivery and is not followed
    note = await add_note(ada, workspace, "T")
    deliveries = [opened(await receiver.received(), webhook["secret"]) for _ in range(3)]
    assert {delivery["events"][0]["noteId"] for delivery in deliveries} == {note}
    log = await log_of(ada, webhook, 3)
    assert [(item["status"], item["attempt"]) for item in log[::-1]] == [(500, 1), (307, 2), (200, 3)]
    assert receiver.waiting == 0


async def test_the_log_says_when_a_delivery_is_tried_again_and_why_none_answered(receiver: WebReceiver) -> None:
    options = ApiOptions(webhooks=WebhookSettings(retry_seconds=60.0, look_seconds=0.1))
    async with open_api(options) as api:
        ada = await api.register("Ada")
        workspace = await make(ada)
        receiver.answers = [500]
        refused = await hook(ada, workspace, receiver.url)
        unheard = await hook(ada, workspace, "http://receiver.invalid/")
        await add_note(ada, workspace, "T")
        for webhook, status, reason in ((refused, 500, None), (unheard, None, "NO_CONNECTION")):
            (delivery,) = await log_of(ada, webhook, 1)
            assert (delivery["status"], delivery["noAnswer"], delivery["attempt"]) == (status, reason, 1)
            tried = datetime.fromisoformat(delivery["at"]) + timedelta(milliseconds=delivery["milliseconds"])
            assert datetime.fromisoformat(delivery["nextAttemptAt"]) - tried == timedelta(seconds=60)
        await refused_no_more(ada, refused)


async def refused_no_more(person: Client, webhook: dict[str, Any]) -> None:
    """Nothing is tried again by a webhook that is off."""
    await person.put(f"/api/workspaces/{webhook['workspaceId']}/webhooks/{webhook['id']}", {"active": False})
    (delivery,) = await log_of(person, webhook, 1)
    assert delivery["nextAttemptAt"] is None


async def test_who_never_answers_well_is_switched_off_and_can_be_switched_on(
    hooked_api: Api, receiver: WebReceiver
) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    receiver.answers = [500] * 6
    webhook = await hook(ada, workspace, receiver.url)
    await add_note(ada, workspace, "lost")
    await log_of(ada, webhook, 3)
    await add_note(ada, workspace, "lost too")
    await log_of(ada, webhook, 6)
    path = f"/api/workspaces/{workspace}/webhooks"
    with trio.fail_after(20):
        while (await ada.get(path))["items"][0]["active"]:  # each look is a request: others run meanwhile
            continue
    await add_note(ada, workspace, "not told")
    again = await ada.put(f"{path}/{webhook['id']}", {"active": True})
    assert (again["webhook"]["active"], again["webhook"]["failures"]) == (True, 0)
    while receiver.waiting:
        await receiver.received()
    await add_note(ada, workspace, "told")
    (event,) = opened(await receiver.received(), webhook["secret"])["events"]
    assert event["note"]["title"] == "told"


async def test_nobody_makes_the_server_knock_at_doors_inside(receiver: WebReceiver) -> None:
    options = ApiOptions(webhooks=WebhookSettings(tries=1, look_seconds=0.1), may_ask_inside=False)
    async with open_api(options) as api:
        ada = await api.register("Ada")
        workspace = await make(ada)
        urls = [
            receiver.url,
            receiver.url.replace("127.0.0.1", "localhost"),
            receiver.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://0.0.0.0/",
            "http://2130706433/",
        ]
        webhooks = [await hook(ada, workspace, url) for url in urls]
        await add_note(ada, workspace, "T")
        for webhook in webhooks:
            (delivery,) = await log_of(ada, webhook, 1)
            assert (delivery["status"], delivery["error"]) == (None, "the address is not a public one"), webhook["url"]
            assert (delivery["noAnswer"], delivery["nextAttemptAt"]) == ("NOT_PUBLIC", None), "the one try was made"
        assert receiver.waiting == 0


async def test_a_webhook_is_told_elsewhere_and_of_other_things_under_the_same_secret(
    hooked_api: Api, receiver: WebReceiver
) -> None:
    ada, bob = await hooked_api.register("Ada"), await hooked_api.register("Bob")
    workspace = await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    webhook = await hook(ada, workspace, "http://receiver.invalid/", "note.created")
    path = f"/api/workspaces/{workspace}/webhooks/{webhook['id']}"
    secret = webhook.pop("secret")
    await add_note(ada, workspace, "kept")
    await log_of(ada, webhook, 1)
    assert (await bob("PUT", path, {"url": receiver.url})).code == "FORBIDDEN"
    # It was on and stays so: what the old address did not take the new one is told.
    changed = (await ada.put(path, {"url": receiver.url, "active": True}))["webhook"]
    assert changed == {**webhook, "url": receiver.url}
    (event,) = opened(await receiver.received(), secret)["events"]
    assert event["note"]["title"] == "kept"
    wanted = ["note.deleted", "chat.posted", "chat.posted"]
    changed = (await ada.put(path, {"kinds": wanted}))["webhook"]
    assert (changed["url"], changed["kinds"]) == (receiver.url, ["chat.posted", "note.deleted"])
    note = await add_note(ada, workspace, "not told")
    await ada("DELETE", f"/api/notes/{note}")
    (event,) = opened(await receiver.received(), secret)["events"]
    assert event["kind"] == "note.deleted"
    assert (await ada.put(path, {"kinds": []}))["webhook"]["kinds"] == []
    reply = await ada("PUT", f"/api/workspaces/{await make(ada)}/webhooks/{webhook['id']}", {"url": receiver.url})
    assert (reply.status, reply.code) == (404, "WEBHOOK_NOT_FOUND")


async def test_what_was_on_its_way_when_the_address_changed_is_told_to_the_new_one_at_once(
    hooked_api: Api, receiver: WebReceiver
) -> None:
    """Whatever the old one answers, and however long it has failed before."""
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    for answer in (200, 500):
        held, asked = trio.Event(), trio.Event()

        async def old(stream: trio.SocketStream, held: trio.Event = held, asked: trio.Event = asked) -> None:
            await stream.receive_some()
            asked.set()
            await held.wait()
            await stream.send_all(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % answer)  # noqa: B023

        async with trio.open_nursery() as nursery:
            (listener,) = await nursery.start(partial(trio.serve_tcp, old, 0, host="127.0.0.1"))
            url = f"http://127.0.0.1:{listener.socket.getsockname()[1]}/"
            webhook = await hook(ada, workspace, url, "note.created")
            path = f"/api/workspaces/{workspace}/webhooks/{webhook['id']}"
            await add_note(ada, workspace, "on its way")
            with trio.fail_after(20):
                await asked.wait()
            await ada.put(path, {"url": receiver.url})
            held.set()
            (event,) = opened(await receiver.received(), webhook["secret"])["events"]
            assert event["note"]["title"] == "on its way"
            newest, oldest = await log_of(ada, webhook, 2)
            assert (oldest["status"], newest["status"], newest["attempt"]) == (answer, 200, 1)
            with trio.fail_after(20):
                while (await ada.get(f"/api/workspaces/{workspace}/webhooks"))["items"][-1]["failures"]:
                    continue
            nursery.cancel_scope.cancel()
        assert (await ada("DELETE", path)).status == 204


BAD = [
    {"url": "ftp://x.test/"},
    {"url": "http://user:secret@x.test/"},
    {"url": "https://x.test/\r\nX: y"},
    {"url": "https://x.test/ y"},
    {"url": "javascript:alert(1)"},
    {"url": "https://x.test/", "kinds": ["*"]},
    {"url": "https://x.test/" + "y" * 500},
]


@pytest.mark.parametrize("body", [*BAD, {"url": None}, {"kinds": None}, {"active": None}, {"active": 1}])
async def test_a_webhook_is_not_changed_by_what_is_bad(hooked_api: Api, body: dict[str, Any]) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    webhook = await hook(ada, workspace, "https://x.test/", "note.created")
    del webhook["secret"]
    path = f"/api/workspaces/{workspace}/webhooks"
    reply = await ada("PUT", f"{path}/{webhook['id']}", {"active": False, **body})
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert (await ada.get(path))["items"] == [webhook]


@pytest.mark.parametrize("body", [{}, *BAD])
async def test_bad_webhooks_are_not_made(hooked_api: Api, body: dict[str, Any]) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    assert (await ada("POST", f"/api/workspaces/{workspace}/webhooks", body)).status == 422
    assert (await ada.get(f"/api/workspaces/{workspace}/webhooks"))["items"] == []


async def test_a_webhook_ends_with_its_removal_and_its_workspace(hooked_api: Api, receiver: WebReceiver) -> None:
    ada = await hooked_api.register("Ada")
    workspace, gone = await make(ada), await make(ada)
    webhook, _ = await hook(ada, workspace, receiver.url), await hook(ada, gone, receiver.url)
    path = f"/api/workspaces/{workspace}/webhooks/{webhook['id']}"
    assert (await ada("DELETE", path)).status == 204
    assert (await ada("DELETE", path)).code == "WEBHOOK_NOT_FOUND"
    assert (await ada("DELETE", f"/api/workspaces/{gone}")).status == 204
    await add_note(ada, workspace, "T")
    witness = await make(ada)
    last = await hook(ada, witness, receiver.url)
    await add_note(ada, witness, "last")
    assert opened(await receiver.received(), last["secret"])["workspaceId"] == witness


def again_path(webhook: dict[str, Any], delivery: str) -> str:
    return f"/api/workspaces/{webhook['workspaceId']}/webhooks/{webhook['id']}/deliveries/{delivery}/redeliver"


async def test_a_delivery_is_sent_again_when_somebody_wants_it(hooked_api: Api, receiver: WebReceiver) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    webhook = await hook(ada, workspace, receiver.url, "note.created")
    receiver.answers = [500] * 3 + [200, 404]
    await add_note(ada, workspace, "T")
    lost = [await receiver.received() for _ in range(3)]
    first = (await log_of(ada, webhook, 3))[0]
    await ada.put(f"/api/workspaces/{workspace}/webhooks/{webhook['id']}", {"active": False})
    made = (await ada.post(again_path(webhook, first["id"]), {}))["delivery"]
    request = await receiver.received()
    assert json.loads(request.body) == opened(lost[0], webhook["secret"]) == opened(request, webhook["secret"])
    assert request.headers["x-notevault-delivery"] == made["id"] != first["id"]
    assert request.headers["x-notevault-redelivery-of"] == first["id"] == made["redeliveryOf"]
    assert "x-notevault-redelivery-of" not in lost[0].headers
    assert (made["status"], made["attempt"], made["fromSeq"], made["toSeq"]) == (
        200, 1, first["fromSeq"], first["toSeq"],
    )  # fmt: skip
    # That the receiver does not take it is an answer too; both stand in the log, and the webhook is where it was.
    assert (await ada.post(again_path(webhook, made["id"]), {}))["delivery"]["status"] == 404
    log = await log_of(ada, webhook, 5)
    assert [one["redeliveryOf"] for one in log[:3]] == [made["id"], first["id"], None]
    listed = (await ada.get(f"/api/workspaces/{workspace}/webhooks"))["items"][0]
    assert (listed["active"], listed["failures"]) == (False, 0)
    await receiver.received()
    assert receiver.waiting == 0


async def test_only_what_is_in_the_log_is_sent_again(hooked_api: Api, receiver: WebReceiver) -> None:
    ada = await hooked_api.register("Ada")
    workspace = await make(ada)
    one, other = [await hook(ada, workspace, receiver.url) for _ in range(2)]
    await add_note(ada, workspace, "T")
    delivery = (await log_of(ada, one, 1))[0]["id"]
    for webhook, wanted, code in (
        (other, delivery, "DELIVERY_NOT_FOUND"),
        (one, "00000000-0000-4000-8000-000000000000", "DELIVERY_NOT_FOUND"),
        (one, "no-id", "DELIVERY_NOT_FOUND"),
        ({**one, "id": "00000000-0000-4000-8000-000000000000"}, delivery, "WEBHOOK_NOT_FOUND"),
    ):
        reply = await ada("POST", again_path(webhook, wanted))
        assert (reply.status, reply.code) == (404, code)


async def test_what_is_sent_again_is_limited(receiver: WebReceiver) -> None:
    quick = replace(QUICK, redeliver_burst=2, redeliver_seconds=60)
    async with open_api(ApiOptions(webhooks=quick, is_throttled=True)) as api:
        ada = await api.register("Ada")
        webhook = await hook(ada, await make(ada), receiver.url)
        await add_note(ada, webhook["workspaceId"], "T")
        path = again_path(webhook, (await log_of(ada, webhook, 1))[0]["id"])
        assert [(await ada("POST", path)).status for _ in range(3)] == [201, 201, 429]
        assert "retry-after" in (await ada("POST", path)).headers
        api.clock.advance(60)
        assert (await ada("POST", path)).status == 201
