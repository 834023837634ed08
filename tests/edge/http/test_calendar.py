"""Calendars, through HTTP."""

from typing import Any

import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import PUBLIC_URL, Api
from tests.edge.http.test_notes import make_note
from tests.edge.http.test_workspaces import make

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


async def add(client: Client, workspace: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/workspaces/{workspace}/events", {"title": "Tea", **body})
    return answer["event"]  # type: ignore[no-any-return]


async def test_an_event_from_its_making_to_its_end(ada: Client) -> None:
    workspace = await make(ada)
    note = await make_note(ada, workspace)
    event = await add(
        ada, workspace, start="2026-03-28T09:00", timeZone="Europe/Berlin", noteId=note["id"], reminders=[10],
        rrule="FREQ=DAILY;COUNT=3", location="Room 5", description="Two\nlines",
    )  # fmt: skip
    assert (event["start"], event["end"]) == ("2026-03-28T08:00:00.000Z", "2026-03-28T09:00:00.000Z")
    assert (event["allDay"], event["timeZone"], event["noteId"]) == (False, "Europe/Berlin", note["id"])
    base = f"/api/workspaces/{workspace}/events"
    one = f"{base}/{event['id']}"
    assert (await ada.get(one))["event"] == event
    assert (await ada.get(base))["items"] == [event]
    happens = (await ada.get(f"{base}?from=2026-03-28&to=2026-04-05"))["items"]
    assert [one["start"][:16] for one in happens] == ["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"]
    assert (await ada("DELETE", f"{one}?occurrence=2026-03-29T07:00:00Z")).status == 204
    happens = await ada.get(f"{base}?from=2026-03-28T00:00:00Z&to=2026-04-05T00:00:00Z&limit=1")
    assert happens["items"][0]["start"] == "2026-03-28T08:00:00.000Z"
    rest = await ada.get(f"{base}?from=2026-03-28&to=2026-04-05&cursor={happens['nextCursor']}")
    assert [one["start"][:16] for one in rest["items"]] == ["2026-03-30T07:00"]
    changed = (await ada.put(one, {"title": "Coffee", "rrule": None, "exdates": []}))["event"]
    assert (changed["title"], changed["rrule"], changed["exdates"], changed["start"]) == (
        "Coffee", None, [], event["start"],
    )  # fmt: skip
    assert changed["updatedAt"] != event["updatedAt"]
    assert (await ada("DELETE", one)).status == 204
    assert (await ada("GET", one)).code == "EVENT_NOT_FOUND"


async def test_days_are_days(ada: Client) -> None:
    workspace = await make(ada)
    event = await add(ada, workspace, start="2026-03-29", allDay=True, timeZone="Asia/Tokyo")
    assert (event["start"], event["end"], event["timeZone"]) == ("2026-03-29", "2026-03-30", "UTC")
    one = f"/api/workspaces/{workspace}/events/{event['id']}"
    assert (await ada("PUT", one, {"allDay": False})).code == "VALIDATION_FAILED"
    timed = {"allDay": False, "start": "2026-03-29T10:00:00+02:00", "end": "2026-03-29T11:00:00+02:00"}
    assert (await ada.put(one, timed))["event"]["start"] == "2026-03-29T08:00:00.000Z"


@pytest.mark.parametrize(
    "body",
    [
        {}, {"title": " "}, {"start": "soon"}, {"start": "2026-01-31"},
        {"allDay": True, "start": "2026-01-31T12:00:00Z"},
        {"start": "2026-01-31T12:00:00Z", "end": "2026-01-31T11:59:59Z"}, {"start": "0001-01-01T00:00:00Z"},
        {"start": "9999-12-31T23:59:59Z"}, {"timeZone": "Mars/Base"},
        {"timeZone": "../etc/passwd"}, {"rrule": "FREQ=HOURLY"},
        {"rrule": "x"}, {"reminders": [-1]}, {"reminders": list(range(11))}, {"noteId": NOWHERE}, {"exdates": ["x"]},
        {"description": "x" * 4001},
    ],
)  # fmt: skip
async def test_bad_events_change_nothing(ada: Client, body: dict[str, Any]) -> None:
    workspace = await make(ada)
    base = f"/api/workspaces/{workspace}/events"
    whole = {"title": "Tea", "start": "2026-01-31T12:00:00Z", **body} if body else {}
    assert (await ada("POST", base, whole)).code == "VALIDATION_FAILED"
    assert (await ada.get(base))["items"] == []
    event = await add(ada, workspace, start="2026-01-31T12:00:00Z")
    if body and "allDay" not in body:
        assert (await ada("PUT", f"{base}/{event['id']}", body)).code == "VALIDATION_FAILED"
    assert (await ada.get(base))["items"] == [event]


@pytest.mark.parametrize("query", ["from=2026-01-01", "to=2026-01-01", "from=x&to=y", "from=2026-02-01&to=2026-01-01",
                                   "from=2026-01-01&to=2028-01-01"])  # fmt: skip
async def test_bad_times_are_refused(ada: Client, query: str) -> None:
    assert (await ada("GET", f"/api/workspaces/{await make(ada)}/events?{query}")).code == "VALIDATION_FAILED"


async def test_files_go_out_and_come_in(api: Api, ada: Client) -> None:
    workspace, other = await make(ada), await make(ada)
    await add(ada, workspace, start="2026-03-28T09:00", timeZone="Europe/Berlin", rrule="FREQ=WEEKLY", reminders=[5])
    await add(ada, workspace, start="2026-03-28", allDay=True, title="Zoë, \U0001f680; \\")
    reply = await ada("GET", f"/api/workspaces/{workspace}/calendar.ics")
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    assert reply.body.startswith(b"BEGIN:VCALENDAR")
    path = f"/api/workspaces/{other}/events/import"
    sent = await ada("POST", path, reply.body, headers={"Content-Type": "text/calendar; charset=utf-8"})
    assert (sent.status, sent.json) == (201, {"imported": 2})

    async def all_of(workspace_id: str) -> list[Any]:
        own = ("id", "workspaceId", "createdAt", "updatedAt")
        items = (await ada.get(f"/api/workspaces/{workspace_id}/events"))["items"]
        return [{name: part for name, part in item.items() if name not in own} for item in items]

    assert await all_of(other) == await all_of(workspace)
    for content, kind, code in (
        (b"", "text/calendar", "VALIDATION_FAILED"),
        (b"x", "text/calendar", "VALIDATION_FAILED"),
        (reply.body, "application/json", "UNSUPPORTED_MEDIA_TYPE"),
    ):
        assert (await ada("POST", path, content, headers={"Content-Type": kind})).code == code
    assert len(await all_of(other)) == 2


async def test_a_secret_address_reads_the_calendar_until_it_ends(api: Api, ada: Client) -> None:
    bob, workspace = await api.register("Bob"), await make(ada)
    members = f"/api/workspaces/{workspace}/members"
    await ada.post(members, {"userId": bob.user["id"], "role": "viewer"})
    await add(ada, workspace, start="2026-03-28T09:00:00Z")
    feed = f"/api/workspaces/{workspace}/calendar/feed"
    urls = [(await bob.post(feed, {}))["url"] for _ in range(2)]
    first, second = [url.removeprefix(PUBLIC_URL) for url in urls]
    assert (await api.nobody("GET", first)).code == "FEED_NOT_FOUND"
    assert b"SUMMARY:Tea" in (await api.nobody("GET", second)).body
    mine = (await ada.post(feed, {}))["url"].removeprefix(PUBLIC_URL)
    await ada("DELETE", f"{members}/{bob.user['id']}")
    assert (await api.nobody("GET", second)).code == "FEED_NOT_FOUND"
    assert (await api.nobody("GET", mine)).status == 200
    assert (await ada("DELETE", feed)).status == 204
    assert (await ada("DELETE", feed)).code == "FEED_NOT_FOUND"
    assert (await api.nobody("GET", mine)).code == "FEED_NOT_FOUND"


async def test_a_viewer_reads_and_a_member_deletes_his_own(api: Api, ada: Client) -> None:
    bob, workspace = await api.register("Bob"), await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    mine, theirs = [await add(one, workspace, start="2026-01-31T12:00:00Z") for one in (bob, ada)]
    base = f"/api/workspaces/{workspace}/events"
    assert (await bob("DELETE", f"{base}/{theirs['id']}")).code == "FORBIDDEN"
    assert (await bob("DELETE", f"{base}/{mine['id']}")).status == 204
